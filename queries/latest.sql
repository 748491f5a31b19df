-- The latest reading of each metric and id
--
-- :since date = 1970-01-01  look no further back than this day, which spares the partitions before it
WITH ranked AS (
    SELECT id, metric, ts, value, row_number() OVER (PARTITION BY id, metric ORDER BY ts DESC, event_id DESC) AS place
    FROM readings
    WHERE dt >= CAST(:since AS varchar)
)
SELECT id, metric, ts, value
FROM ranked
WHERE place = 1
ORDER BY id, metric
