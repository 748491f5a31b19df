-- A mean day: a metric by local hour
--
-- The hour is the attribute in which the observer wrote it down; readings without one are left out.
-- :metric string = temp  what was measured
-- :id string = JFK  where
-- :since date = 1970-01-01  first day
-- :until date = 2200-12-31  last day
SELECT
    CAST(element_at(attributes, 'hour') AS integer) AS hour,
    round(avg(value), 1) AS mean,
    round(min(value), 1) AS least,
    round(max(value), 1) AS greatest,
    count(*) AS readings
FROM readings
WHERE metric = :metric AND id = :id AND dt BETWEEN CAST(:since AS varchar) AND CAST(:until AS varchar)
    AND element_at(attributes, 'hour') IS NOT NULL
GROUP BY element_at(attributes, 'hour')
ORDER BY hour
