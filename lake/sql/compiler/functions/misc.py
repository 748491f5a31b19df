"""trino.io/docs/422/functions/uuid.html, conversion.html"""

from lake.sql.compiler.functions.table import function

function("uuid", "", "uuid", "uuid()")
function("current_user", "", "varchar", "current_user")
