SELECT '{"data":{"division":' || coalesce((
  SELECT '{"statistics":{"conversions":[' || array_to_string(ARRAY(
    SELECT '{"kind":"' || t2.value
      || '","count":' || (t2.count)::text || '}'
    FROM (
      SELECT part.value, sum(part.count) AS count
      FROM (
        SELECT tally.kind AS value, tally.conversions AS count
        FROM conversion_tally AS tally
        WHERE tally.county_number >= t1.number
          AND tally.county_number < t1.upper
          AND tally.year >= $2::int
          AND tally.year < $3::int
        UNION ALL
        SELECT counted.kind AS value, count(*) AS count
        FROM conversion AS counted
        WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
          AND true
          AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR $4::boolean OR $5::boolean)
          AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR extract(year FROM counted.submitted_on) < $2::int OR extract(year FROM counted.submitted_on) >= $3::int)
          AND ($6::date IS NULL OR counted.submitted_on >= $6::date)
          AND ($7::date IS NULL OR counted.submitted_on < $7::date)
        GROUP BY counted.kind
      ) AS part
      GROUP BY part.value
      HAVING sum(part.count) > 0
    ) AS t2
    WHERE true
    ORDER BY t2.count DESC, t2.value
  ), ',')
    || '],"satisfaction":' || coalesce((t3.score::float8 / nullif(t3.follow_ups, 0)::float8)::text, 'null') || '}}'
  FROM division AS t1
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(score), 0) AS score, coalesce(sum(follow_ups), 0) AS follow_ups
    FROM (
      SELECT sum(score) AS score, sum(follow_ups) AS follow_ups
      FROM satisfaction_tally AS tally
      WHERE tally.county_number >= t1.number
        AND tally.county_number < t1.upper
        AND tally.year >= $2::int
        AND tally.year < $3::int
      UNION ALL
      SELECT sum(score) AS score, count(*) AS follow_ups
      FROM follow_up AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND true
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR $4::boolean OR $5::boolean)
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR extract(year FROM counted.at AT TIME ZONE 'Asia/Shanghai') < $2::int OR extract(year FROM counted.at AT TIME ZONE 'Asia/Shanghai') >= $3::int)
        AND ($6::date IS NULL OR counted.at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t3
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 1401
-- $2::int = 2023
-- $3::int = 2024
-- $4::boolean = False
-- $5::boolean = False
-- $6::date = 2023-01-01
-- $7::date = 2024-01-01
