-- Readings far from the usual: faults, or records
--
-- Compared with the mean of their metric and id.
-- :sigmas double = 8  how many standard deviations off
-- :top int = 20  how many
WITH normal AS (
    SELECT id, metric, avg(value) AS mean, stddev(value) AS deviation
    FROM readings
    GROUP BY id, metric
)
SELECT
    readings.id,
    readings.metric,
    readings.ts,
    readings.value,
    round(normal.mean, 2) AS mean,
    round((readings.value - normal.mean) / normal.deviation, 1) AS sigmas
FROM readings
JOIN normal ON normal.id = readings.id AND normal.metric = readings.metric
WHERE normal.deviation > 0 AND abs(readings.value - normal.mean) > :sigmas * normal.deviation
ORDER BY abs(readings.value - normal.mean) / normal.deviation DESC, readings.id, readings.metric, readings.ts
LIMIT :top
