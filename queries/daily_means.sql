-- Mean, least and greatest value of a metric, by day and id
--
-- Reads the table of readings that `tap-lake demo` and `tap-lake ingest` fill.
-- :metric string = 'temp'  which metric
-- :since string = '1970-01-01'  first day, yyyy-MM-dd
-- :until string = '2200-12-31'  last day, yyyy-MM-dd
SELECT dt, id, avg(value) AS mean, min(value) AS least, max(value) AS greatest, count(*) AS readings
FROM analytics.readings
WHERE metric = :metric AND dt BETWEEN :since AND :until
GROUP BY dt, id
ORDER BY dt, id
