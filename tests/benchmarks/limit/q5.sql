-- Counts for each city of a province from the rows themselves: each table once, by the city's part of the number.
WITH province AS MATERIALIZED (
  SELECT number, upper FROM division WHERE code = $1
), platforms AS (
  SELECT division_number / 100000000 AS city, count(*) AS total
  FROM platform JOIN province ON division_number >= province.number AND division_number < province.upper
  GROUP BY 1
), topics AS (
  SELECT division_number / 100000000 AS city, count(*) AS total, count(*) FILTER (WHERE kind = 'KEY') AS key
  FROM topic JOIN province ON division_number >= province.number AND division_number < province.upper
  WHERE listed_at IS NOT NULL
  GROUP BY 1
), sessions AS (
  SELECT division_number / 100000000 AS city, count(*) AS held, sum(headcount) AS attendances
  FROM session JOIN province ON division_number >= province.number AND division_number < province.upper
  WHERE status = 'HELD'
  GROUP BY 1
), outcomes AS (
  SELECT division_number / 100000000 AS city, count(*) AS total
  FROM outcome JOIN province ON division_number >= province.number AND division_number < province.upper
  GROUP BY 1
)
SELECT '{"data":{"division":{"children":[' || array_to_string(ARRAY(
  SELECT '{"name":' || to_json(city.name) || ',"statistics":{"platforms":{"total":' || coalesce(platforms.total, 0)
    || '},"topics":{"total":' || coalesce(topics.total, 0) || ',"key":' || coalesce(topics.key, 0)
    || ',"micro":' || coalesce(topics.total - topics.key, 0) || '},"sessionsHeld":' || coalesce(sessions.held, 0)
    || ',"attendances":' || coalesce(sessions.attendances, 0) || ',"outcomes":' || coalesce(outcomes.total, 0) || '}}'
  FROM division AS city
  LEFT JOIN platforms ON platforms.city = city.number / 100000000
  LEFT JOIN topics ON topics.city = city.number / 100000000
  LEFT JOIN sessions ON sessions.city = city.number / 100000000
  LEFT JOIN outcomes ON outcomes.city = city.number / 100000000
  WHERE city.parent_number = province.number ORDER BY city.number
), ',') || ']}}}'
FROM province
