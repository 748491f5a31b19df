"""trino.io/docs/422/functions/url.html"""

from collections.abc import Sequence

from lake.sql.compiler.functions.table import function
from lake.sql.compiler.python_forms import python
from lake.sql.compiler.runtime import urls
from lake.types import DataType

LONGEST = 2**31 - 1

function("url_extract_protocol", "varchar(n)", "varchar(n)", python(urls.url_extract_protocol))
function("url_extract_host", "varchar(n)", "varchar(n)", python(urls.url_extract_host))
function("url_extract_port", "varchar", "bigint", python(urls.url_extract_port))
function("url_extract_path", "varchar(n)", "varchar(n)", python(urls.url_extract_path))
function("url_extract_query", "varchar(n)", "varchar(n)", python(urls.url_extract_query))
function("url_extract_fragment", "varchar(n)", "varchar(n)", python(urls.url_extract_fragment))
function("url_extract_parameter", "varchar(n), varchar", "varchar(n)", python(urls.url_extract_parameter))


def _encoded(types: Sequence[DataType]) -> DataType:
    """A character is at most four bytes, and each of them three signs."""
    length = types[0].parameters
    return DataType("varchar", (min(LONGEST, 12 * length[0]),)) if length else types[0]


function("url_encode", "varchar(n)", _encoded, python(urls.url_encode))
function("url_decode", "varchar(n)", "varchar(n)", python(urls.url_decode))
