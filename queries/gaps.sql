-- Where readings are missing: the longest silences
--
-- A silence is the time between two readings of one metric and id; the hours are whole and parts of them.
-- :metric string = temp  what was measured
-- :hours double = 1  a silence is longer than this
-- :top int = 20  how many
WITH steps AS (
    SELECT id, ts, lag(ts) OVER (PARTITION BY id ORDER BY ts) AS previous
    FROM readings
    WHERE metric = :metric
)
SELECT id, previous AS last_before, ts AS first_after, (to_unixtime(ts) - to_unixtime(previous)) / 3600 AS hours
FROM steps
WHERE to_unixtime(ts) - to_unixtime(previous) > :hours * 3600
ORDER BY hours DESC, id, ts
LIMIT :top
