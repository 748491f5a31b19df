-- The windiest days, over all places
--
-- By the mean of all readings of wind_speed, in miles an hour; days are those of UTC. An anemometer's faults are left out:
-- what is faster than :fault was no wind.
-- :top int = 5  how many days
-- :fault double = 200  the speed from which a reading is not believed
-- :since date = 1970-01-01  first day
-- :until date = 2200-12-31  last day
WITH days AS (
    SELECT
        dt,
        avg(CASE WHEN metric = 'wind_speed' THEN value END) AS mean,
        max(CASE WHEN metric = 'wind_speed' THEN value END) AS fastest,
        max(CASE WHEN metric = 'wind_gust' THEN value END) AS gust
    FROM readings
    WHERE metric IN ('wind_speed', 'wind_gust') AND value < :fault
        AND dt BETWEEN CAST(:since AS varchar) AND CAST(:until AS varchar)
    GROUP BY dt
)
SELECT
    dt,
    round(mean, 1) AS mean_mph,
    rpad('', CAST(round(mean) AS integer), '▒') AS bar,
    round(fastest, 1) AS fastest_mph,
    round(gust, 1) AS gust_mph
FROM days
WHERE mean IS NOT NULL
ORDER BY round(mean, 6) DESC, dt
LIMIT :top
