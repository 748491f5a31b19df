"""Small queries over tables of a few literal rows: groups, windows, joins, set operations, UNNEST, subqueries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lake.sql.compiler.functions.table import Overload
from lake.types import DataType
from tests.oracle.calls import AGGREGATES, WINDOW, call, choice
from tests.oracle.expressions import Columns, expression, free, is_ordered
from tests.oracle.values import SCALARS, literal, types

BOOLEAN = DataType("boolean")
MAX_ROWS, MAX_COLUMNS = 5, 3
FRAMES = (
    "",
    "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
    "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
    "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
)


@dataclass(frozen=True)
class Table:
    """What stands in FROM; `number` is a column that no two rows have the same in."""

    sql: str
    number: str
    columns: Columns

    def ordered(self) -> list[str]:
        return [name for name, type_ in self.columns.items() if is_ordered(type_)]


@st.composite
def table(draw: st.DrawFn, name: str = "t", *, kinds: SearchStrategy[DataType] | None = None) -> Table:
    own = draw(st.lists(types() if kinds is None else kinds, min_size=1, max_size=MAX_COLUMNS))
    rows = [
        f"({place}, {', '.join(draw(literal(type_)) for type_ in own)})"
        for place in range(draw(st.integers(1, MAX_ROWS)))
    ]
    names = [f"{name}{place}" for place in range(len(own))]
    sql = f"(VALUES {', '.join(rows)}) {name}({name}n, {', '.join(names)})"
    return Table(sql, f"{name}n", dict(zip(names, own, strict=True)))


def scalar_table(name: str = "t") -> SearchStrategy[Table]:
    """Of columns that can be compared and grouped by."""
    return table(name, kinds=st.sampled_from([type_ for type_ in SCALARS if type_.name != "json"]))


@st.composite
def selection(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        return f"SELECT {draw(free())}"
    source = draw(table())
    listed = ", ".join(draw(st.lists(free(source.columns), min_size=1, max_size=2)))
    where = f" WHERE {draw(expression(BOOLEAN, source.columns, depth=2))}" if draw(st.booleans()) else ""
    return f"SELECT {listed} FROM {source.sql}{where}"


@st.composite
def aggregation(draw: st.DrawFn) -> str:
    source = draw(scalar_table())
    texts = [draw(_aggregate(source)) for _ in range(draw(st.integers(1, 2)))]
    keys = draw(st.lists(st.sampled_from(sorted(source.columns)), max_size=2, unique=True))
    if not keys:
        return f"SELECT {', '.join(texts)} FROM {source.sql}"
    grouping = draw(st.sampled_from(["{0}", "ROLLUP ({0})", "CUBE ({0})", "GROUPING SETS (({0}), ())"]))
    having = draw(st.sampled_from(["", " HAVING count(*) > 1"]))
    listed = ", ".join([*map(_plain(source), keys), *texts])
    return f"SELECT {listed} FROM {source.sql} GROUP BY {grouping.format(', '.join(keys))}{having}"


def _plain(source: Table) -> Callable[[str], str]:
    return lambda name: f"CAST({name} AS varchar)" if "with time zone" in source.columns[name].name else name


@st.composite
def _aggregate(draw: st.DrawFn, source: Table, *, lines: Iterable[tuple[str, Overload]] = AGGREGATES) -> str:
    name, overload = draw(choice(list(lines)))
    text = draw(call(name, overload, _arguments(source.columns)))
    if overload.parameters and draw(st.integers(0, 4)) == 0:
        text = text.replace("(", "(DISTINCT ", 1)
    if draw(st.integers(0, 3)) == 0:
        text += f" FILTER (WHERE {draw(expression(BOOLEAN, source.columns))})"
    return text


def _arguments(columns: Columns) -> Callable[..., SearchStrategy[str]]:
    return lambda wanted, more=None: expression(wanted, {**columns, **(more or {})}, depth=1)


@st.composite
def window(draw: st.DrawFn) -> str:
    source = draw(scalar_table())
    name, overload = draw(choice([*WINDOW, *AGGREGATES]))
    text = draw(call(name, overload, _arguments(source.columns)))
    partition = f"PARTITION BY {draw(st.sampled_from(sorted(source.columns)))} " if draw(st.booleans()) else ""
    frame = draw(st.sampled_from(FRAMES)) if overload.aggregate else ""
    sort = draw(st.sampled_from(["", " DESC", " NULLS FIRST"]))
    return f"SELECT {source.number}, {text} OVER ({partition}ORDER BY {source.number}{sort} {frame}) FROM {source.sql}"


@st.composite
def join(draw: st.DrawFn) -> str:
    left = draw(scalar_table("l"))
    kind = draw(st.sampled_from([*left.columns.values()]))
    right = draw(table("r", kinds=st.just(kind)))
    same = next(name for name, type_ in left.columns.items() if type_ == kind)
    how = draw(st.sampled_from(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]))
    on = draw(st.sampled_from([f"{same} = r0", f"{same} = r0 AND ln < rn", f"{same} < r0", "ln = rn"]))
    if how != "JOIN" and "<" in on:
        on = f"{same} = r0"
    return f"SELECT ln, rn, count(*) FROM {left.sql} {how} {right.sql} ON {on} GROUP BY ln, rn"


@st.composite
def set_operation(draw: st.DrawFn) -> str:
    columns = draw(st.lists(st.sampled_from(SCALARS), min_size=1, max_size=2))
    one, other = (
        ", ".join(f"({', '.join(draw(literal(type_)) for type_ in columns)})" for _ in range(draw(st.integers(1, 3))))
        for _ in range(2)
    )
    word = draw(st.sampled_from(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]))
    names = ", ".join(f"x{place}" for place in range(len(columns)))
    listed = ", ".join(
        f"typeof({name})" if "zone" in type_.name else name
        for name, type_ in zip(names.split(", "), columns, strict=True)
    )
    return f"SELECT {listed} FROM ((VALUES {one}) {word} (VALUES {other})) u({names})"  # fmt: skip


@st.composite
def unnesting(draw: st.DrawFn) -> str:
    source = draw(table(kinds=types(depth=2).filter(lambda type_: type_.name in ("array", "map"))))
    name = draw(st.sampled_from(sorted(source.columns)))
    kind = source.columns[name]
    if kind.name == "map":
        names = ["k", "v"]
    else:
        names = [f"e{place}" for place in range(len(kind.element.fields))] if kind.element.name == "row" else ["e"]
    how = draw(st.sampled_from(["CROSS JOIN {0}", "LEFT JOIN {0} ON true"]))
    ordinality = draw(st.booleans())
    names += ["o"] * ordinality
    text = f"UNNEST({name}){' WITH ORDINALITY' * ordinality} u({', '.join(names)})"
    return f"SELECT {source.number}, {', '.join(names)} FROM {source.sql} {how.format(text)}"


@st.composite
def subquery(draw: st.DrawFn) -> str:
    outer, inner = draw(scalar_table("a")), draw(scalar_table("b"))
    test = draw(
        st.sampled_from(
            [
                "EXISTS (SELECT 1 FROM {inner} WHERE bn = an)",
                "an IN (SELECT bn FROM {inner})",
                "an NOT IN (SELECT bn FROM {inner} WHERE bn > 1)",
                "an > ALL (SELECT bn FROM {inner} WHERE bn < 2)",
                "an = ANY (SELECT bn FROM {inner})",
                "(SELECT max(bn) FROM {inner} WHERE bn <= an) = an",
            ]
        )
    )
    listed = draw(free(outer.columns))
    return f"SELECT an, {listed} FROM {outer.sql} WHERE {test.format(inner=inner.sql)}"


@st.composite
def sorting(draw: st.DrawFn) -> str:
    source = draw(scalar_table())
    name = draw(st.sampled_from(sorted(source.columns)))
    direction = draw(st.sampled_from(["", " DESC", " NULLS FIRST", " DESC NULLS LAST"]))
    limit = draw(st.sampled_from(["", " LIMIT 2", " OFFSET 1 LIMIT 2"]))
    return f"SELECT {source.number} FROM {source.sql} ORDER BY {name}{direction}, {source.number}{limit}"


KINDS: dict[str, Callable[[], SearchStrategy[str]]] = {
    "selections": selection,
    "aggregations": aggregation,
    "windows": window,
    "joins": join,
    "set operations": set_operation,
    "unnesting": unnesting,
    "subqueries": subquery,
    "sorting": sorting,
}


def queries() -> SearchStrategy[Any]:
    return st.one_of([make() for make in KINDS.values()])
