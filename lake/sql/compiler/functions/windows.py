"""trino.io/docs/422/functions/window.html"""

from lake.sql.compiler.functions.table import window

for name in ("row_number", "rank", "dense_rank"):
    window(name, "", "bigint", f"{name}(){{f}}")
for name in ("percent_rank", "cume_dist"):
    window(name, "", "double", f"{name}(){{f}}")
window("ntile", "bigint", "bigint", "ntile({0}){f}")
for name in ("first_value", "last_value"):
    window(name, "T", "T", f"{name}({{0}}{{i}}){{f}}")
window("nth_value", "T, bigint", "T", "nth_value({0}, trino_at_least({1}, 1){i}){f}")
for name in ("lag", "lead"):
    window(name, "T", "T", f"{name}({{0}}{{i}}){{f}}")
    window(name, "T, bigint", "T", f"{name}({{0}}, CAST(trino_at_least({{1}}, 0) AS INTEGER){{i}}){{f}}")
    window(name, "T, bigint, T", "T", f"{name}({{0}}, CAST(trino_at_least({{1}}, 0) AS INTEGER), {{2}}{{i}}){{f}}")
