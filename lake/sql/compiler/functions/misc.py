"""trino.io/docs/422/functions/uuid.html, ipaddress.html, system.html"""

from lake.sql.compiler.functions.table import function
from lake.sql.compiler.python_forms import python
from lake.sql.compiler.runtime import addresses

function("uuid", "", "uuid", "uuid()")
function("current_user", "", "varchar", "current_user")
function("current_groups", "", "array(varchar)", "CAST([] AS VARCHAR[])")
function("contains", "varchar, ipaddress", "boolean", python(addresses.address_in_network))
