-- The hottest hour of each place, and how humid it was
--
-- The first one where several were as hot. Readings of temp and dewp are in degrees Fahrenheit; ts is UTC.
-- :since date = 1970-01-01  first day
-- :until date = 2200-12-31  last day
WITH ranked AS (
    SELECT id, ts, value, row_number() OVER (PARTITION BY id ORDER BY value DESC, ts) AS place
    FROM readings
    WHERE metric = 'temp' AND dt BETWEEN CAST(:since AS varchar) AND CAST(:until AS varchar)
)
SELECT
    hottest.id,
    hottest.ts,
    round(hottest.value, 1) AS fahrenheit,
    round((hottest.value - 32) * 5 / 9, 1) AS celsius,
    round(humid.value) AS humidity
FROM ranked AS hottest
LEFT JOIN readings AS humid ON humid.id = hottest.id AND humid.ts = hottest.ts AND humid.metric = 'humid'
WHERE hottest.place = 1
ORDER BY hottest.value DESC, hottest.id
