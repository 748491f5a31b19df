-- Monthly means of a metric, with bars
--
-- A bar's length is the mean's distance from :zero, and the longest has 36 marks. Months are those of UTC.
-- :metric string = temp  what was measured
-- :id string = JFK  where
-- :zero double = 0  the value without a bar: 1000 shows differences of pressure
-- :since date = 1970-01-01  first day
-- :until date = 2200-12-31  last day
WITH months AS (
    SELECT substr(dt, 1, 7) AS month, avg(value) AS mean, min(value) AS least, max(value) AS greatest
    FROM readings
    WHERE metric = :metric AND id = :id AND dt BETWEEN CAST(:since AS varchar) AND CAST(:until AS varchar)
    GROUP BY substr(dt, 1, 7)
)
SELECT
    month,
    round(mean, 1) AS mean,
    rpad('', CAST(round(36 * greatest(mean - :zero, 0) / nullif(max(mean - :zero) OVER (), 0)) AS integer), '█') AS bar,
    round(least, 1) AS least,
    round(greatest, 1) AS greatest
FROM months
ORDER BY month
