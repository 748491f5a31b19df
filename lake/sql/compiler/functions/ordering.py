"""What functions ask of the types of their arguments beyond a name."""

from lake.errors import FunctionNotFound
from lake.sql.compiler.functions.table import Call
from lake.sql.compiler.operators import is_orderable


def ordered(call: Call, place: int) -> str:
    """Return the text of an argument; raise FunctionNotFound where its values, or an array's elements, have no order."""
    type_ = call.type_of(place)
    if not is_orderable(type_):
        raise FunctionNotFound(f"Unexpected parameters ({type_.athena}): its values have no order")
    return call.sql(place)
