"""trino.io/docs/422/functions/color.html"""

from collections.abc import Callable, Sequence

from lake.sql.compiler.casts import cast_text
from lake.sql.compiler.coercion import VARCHAR
from lake.sql.compiler.functions.table import Call, function
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import colors
from lake.sql.compiler.typed import Typed
from lake.types import DataType

CODE_LENGTH = 15
"""Of what stands around a text to color it, at most."""


def _longer(types: Sequence[DataType]) -> DataType:
    return DataType("varchar", tuple(length + CODE_LENGTH for length in types[0].parameters))


def _rendered(call: Call) -> str:
    value = call.arguments[0]
    assert isinstance(value, Typed)
    text = f"format('{{:g}}', {value.sql})" if value.type.name == "double" else cast_text(value, VARCHAR)
    return call_text(colors.rendered, [text, call.sql(1)], ("VARCHAR", "INTEGER"), "VARCHAR")


def _of_length(length: int) -> Callable[[Sequence[DataType]], DataType]:
    return lambda _: DataType("varchar", (length,))


function("color", "varchar", "color", python(colors.color_of_text))
function("color", "double, color, color", "color", python(colors.between))
function("color", "double, double, double, color, color", "color", python(colors.color_of_value))
function("rgb", "bigint, bigint, bigint", "color", python(colors.rgb))
function("bar", "double, bigint", "varchar", python(colors.bar))
function("bar", "double, bigint, color, color", "varchar", python(colors.colored_bar))
function("render", "varchar(n), color", _longer, _rendered)
function("render", "bigint, color", _of_length(35), _rendered)
function("render", "double, color", _of_length(41), _rendered)
function("render", "boolean", _of_length(16), python(colors.rendered_boolean))
