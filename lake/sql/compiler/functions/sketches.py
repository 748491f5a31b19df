"""trino.io/docs/422/functions/hyperloglog.html, tdigest.html, qdigest.html, setdigest.html"""

from collections.abc import Callable
from typing import Any

from lake.sql.compiler.forms import form
from lake.sql.compiler.functions.table import Call, aggregate, function
from lake.sql.compiler.python_forms import Body, call_text, python
from lake.sql.compiler.runtime import digests, set_digests, sketches

PAIR = "STRUCT(v DOUBLE, w DOUBLE)[]"


SKETCHED: dict[str, tuple[Body, str, str]] = {
    "bigint": (sketches.sketch_of_numbers, "{0}", "BIGINT[]"),
    "double": (sketches.sketch_of_doubles, "{0}", "DOUBLE[]"),
    "varchar": (sketches.sketch_of_bytes, "encode({0})", "BLOB[]"),
}


def _approx_set(call: Call) -> str:
    body, value, kind = SKETCHED[call.type_of(0).name]
    return call_text(body, [f"list(DISTINCT {value.format(call.sql(0))}){{f}}"], (kind,), "BLOB")


def _merged(body: Any) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        return call_text(body, [f"list({call.sql(0)}){{f}}"], ("BLOB[]",), "BLOB")

    return text


for kind in SKETCHED:
    aggregate("approx_set", kind, "hyperloglog", _approx_set)
aggregate("merge", "hyperloglog", "hyperloglog", _merged(sketches.merged_sketches))
function("empty_approx_set", "", "hyperloglog", f"unhex('{sketches.EMPTY.hex()}')")
function("cardinality", "hyperloglog", "bigint", python(sketches.sketch_cardinality))
function("cardinality", "p4hyperloglog", "bigint", python(sketches.dense_cardinality))


def _digest(body: Any, checked: Any = None) -> Callable[[Call], str]:
    """Values travel with their weights; the accuracy, where there is one, beside them."""

    def text(call: Call) -> str:
        weight = call.sql(1) if len(call.arguments) > 1 else "1"
        pairs = f"list(struct_pack(v := CAST({call.sql(0)} AS DOUBLE), w := CAST({weight} AS DOUBLE))){{f}}"
        if len(call.arguments) < 3 or checked is None:
            return call_text(body, [pairs], (PAIR,), "BLOB")
        return call_text(checked, [pairs, f"any_value({call.sql(2)}){{f}}"], (PAIR, "DOUBLE"), "BLOB")

    return text


aggregate("tdigest_agg", "double", "tdigest", _digest(digests.tdigest_of))
aggregate("tdigest_agg", "double, double", "tdigest", _digest(digests.tdigest_of))
aggregate("merge", "tdigest", "tdigest", _merged(digests.merged_tdigests))
function("value_at_quantile", "tdigest, double", "double", python(digests.tdigest_value))
function("values_at_quantiles", "tdigest, array(double)", "array(double)", python(digests.tdigest_values))


def _number(body: Any) -> Callable[[Call], str]:
    """The digest is of doubles; what comes out of it is of the type that went in."""

    def text(call: Call) -> str:
        own, inner = ("DOUBLE[]", "DOUBLE[]") if call.type.is_nested else ("DOUBLE", "DOUBLE")
        found = call_text(body, [call.sql(0), call.sql(1)], ("BLOB", inner), own)
        return f"CAST({found} AS {form(call.type)})"

    return text


def _quantile(call: Call) -> str:
    value = f"CAST({call.sql(1)} AS DOUBLE)"
    return call_text(digests.qdigest_quantile, [call.sql(0), value], ("BLOB", "DOUBLE"), "DOUBLE")


for kind in ("bigint", "double", "real"):
    digest = f"qdigest({kind})"
    summed = _digest(digests.qdigest_of, digests.checked_qdigest)
    aggregate("qdigest_agg", kind, digest, summed)
    aggregate("qdigest_agg", f"{kind}, bigint", digest, summed)
    aggregate("qdigest_agg", f"{kind}, bigint, double", digest, summed)
    function("value_at_quantile", f"{digest}, double", kind, _number(digests.qdigest_value))
    function("values_at_quantiles", f"{digest}, array(double)", f"array({kind})", _number(digests.qdigest_values))
    function("quantile_at_value", f"{digest}, {kind}", "double", _quantile)
aggregate("merge", "qdigest(T)", "qdigest(T)", _merged(digests.merged_qdigests))


def _set_of_numbers(call: Call) -> str:
    value = f"CAST({call.sql(0)} AS BIGINT)"
    if call.type_of(0).name == "date":
        value = f"date_diff('day', DATE '1970-01-01', {call.sql(0)})"
    return call_text(set_digests.set_digest_of_numbers, [f"list({value}){{f}}"], ("BIGINT[]",), "BLOB")


def _set_of_bytes(call: Call) -> str:
    value = call.sql(0) if call.type_of(0).name == "varbinary" else f"encode({call.sql(0)})"
    return call_text(set_digests.set_digest_of_bytes, [f"list({value}){{f}}"], ("BLOB[]",), "BLOB")


for kind in ("bigint", "date"):
    aggregate("make_set_digest", kind, "setdigest", _set_of_numbers)
for kind in ("varchar", "varbinary"):
    aggregate("make_set_digest", kind, "setdigest", _set_of_bytes)
aggregate("merge_set_digest", "setdigest", "setdigest", _merged(set_digests.merged_set_digests))
function("cardinality", "setdigest", "bigint", python(set_digests.set_digest_cardinality))
function("intersection_cardinality", "setdigest, setdigest", "bigint", python(set_digests.intersection_cardinality))
function("jaccard_index", "setdigest, setdigest", "double", python(set_digests.jaccard_index))


def _hash_counts(call: Call) -> str:
    entries = 'STRUCT("key" BIGINT, "value" SMALLINT)[]'
    return f"map_from_entries({call_text(set_digests.hash_counts, [call.sql(0)], ('BLOB',), entries)})"


function("hash_counts", "setdigest", "map(bigint, smallint)", _hash_counts)
