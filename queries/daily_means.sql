-- Mean, least and greatest value of a metric, by day and id
--
-- Days are those of UTC. Only the partitions of the days asked for are read.
-- :metric string = temp  what was measured
-- :since date = 1970-01-01  first day
-- :until date = 2200-12-31  last day
SELECT dt, id, avg(value) AS mean, min(value) AS least, max(value) AS greatest, count(*) AS readings
FROM readings
WHERE metric = :metric AND dt BETWEEN CAST(:since AS varchar) AND CAST(:until AS varchar)
GROUP BY dt, id
ORDER BY dt, id
