-- WITH RECURSIVE: ten steps, and rows left out at the end alone.

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 11) SELECT count(*), max(n) FROM t;
-- types bigint | integer
-- row [11, 11]

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 12) SELECT count(*), max(n) FROM t;
-- error NOT_SUPPORTED

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 50) SELECT n FROM t LIMIT 3;
-- error NOT_SUPPORTED

WITH RECURSIVE t(n) AS (SELECT n FROM (VALUES 1, 1) AS v(n) UNION SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t;
-- types integer
-- row [1]
-- row [3]
-- row [2]

WITH RECURSIVE t(n) AS (SELECT n FROM (VALUES 1, 1) AS v(n) UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t;
-- types integer
-- row [1]
-- row [1]
-- row [2]
-- row [2]
-- row [3]
-- row [3]

WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT 1 FROM t WHERE n = 1) SELECT n FROM t;
-- error NOT_SUPPORTED

WITH RECURSIVE t(n, path) AS (SELECT 1, CAST('1' AS varchar) UNION ALL SELECT n * 2, path || '/' || CAST(n * 2 AS varchar) FROM t WHERE n < 20) SELECT * FROM t;
-- types integer | varchar
-- row [1, "1"]
-- row [2, "1/2"]
-- row [4, "1/2/4"]
-- row [8, "1/2/4/8"]
-- row [16, "1/2/4/8/16"]
-- row [32, "1/2/4/8/16/32"]

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL (SELECT n + 1 FROM t WHERE n < 3)), u(m) AS (SELECT n * 10 FROM t) SELECT m FROM u;
-- types integer
-- row [20]
-- row [10]
-- row [30]

WITH RECURSIVE e(a, b) AS (VALUES (1, 2), (2, 3), (3, 4), (2, 5)), r(b) AS (SELECT 1 UNION ALL SELECT e.b FROM r JOIN e ON e.a = r.b) SELECT b FROM r;
-- types integer
-- row [1]
-- row [2]
-- row [5]
-- row [3]
-- row [4]

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT a.n + 1 FROM t a JOIN t b ON a.n = b.n WHERE a.n < 3) SELECT n FROM t;
-- error INVALID_RECURSIVE_REFERENCE
