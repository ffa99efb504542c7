SELECT '{"data":{"division":' || coalesce((
  SELECT '{"then":' || (
    WITH as_of AS (
      SELECT $3::timestamptz
    ), topic AS NOT MATERIALIZED (
      SELECT *
      FROM public.topic_as_of($3::timestamptz)
    ), platform AS NOT MATERIALIZED (
      SELECT *
      FROM public.platform_as_of($3::timestamptz)
    ), commitment AS NOT MATERIALIZED (
      SELECT *
      FROM public.commitment_as_of($3::timestamptz)
    ), county_tally AS NOT MATERIALIZED (
      SELECT *
      FROM public.county_tally
      WHERE false
    ), platform_tally AS NOT MATERIALIZED (
      SELECT *
      FROM public.platform_tally
      WHERE false
    ), due_tally AS NOT MATERIALIZED (
      SELECT *
      FROM public.due_tally
      WHERE false
    )
    SELECT (
      SELECT '{"platforms":{"total":' || (t3.total)::text
        || '},"topics":{"total":' || (t4.key + t4.micro)::text
        || '},"commitments":{"done":' || (t5.done)::text
        || ',"overdue":' || (t6.commitments)::text || '}}'
      FROM (
        SELECT t1.*
      ) AS t2
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(platforms), 0) AS total, coalesce(sum(platforms) FILTER (WHERE tier = 'GENERAL'), 0) AS general, coalesce(sum(platforms) FILTER (WHERE tier = 'SUB'), 0) AS sub, coalesce(sum(platforms) FILTER (WHERE tier = 'MICRO'), 0) AS micro
        FROM (
          SELECT tier, platforms
          FROM platform_tally AS tally
          WHERE tally.county_number >= t2.number
            AND tally.county_number < t2.upper
            AND NULL::date IS NULL
            AND NULL::date IS NULL
          UNION ALL
          SELECT tier, 1
          FROM platform AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND (true OR NULL::date IS NOT NULL OR NULL::date IS NOT NULL)
            AND (NULL::date IS NULL OR counted.opened_on IS NULL OR counted.opened_on < NULL::date)
            AND (NULL::date IS NULL OR counted.closed_on IS NULL OR counted.closed_on > NULL::date)
            AND (NULL::date IS NULL OR NULL::date IS NULL OR NULL::date < NULL::date)
        ) AS part
      ) AS t3
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
        FROM (
          SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
          FROM county_tally AS tally
          WHERE tally.county_number >= t2.number
            AND tally.county_number < t2.upper
            AND tally.year >= 0
            AND tally.year < 9999
          UNION ALL
          SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
          FROM topic AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND counted.listed_at IS NOT NULL
            AND (true OR false OR false)
            AND (true OR extract(year FROM counted.listed_at AT TIME ZONE 'Asia/Shanghai') < 0 OR extract(year FROM counted.listed_at AT TIME ZONE 'Asia/Shanghai') >= 9999)
            AND (NULL::date IS NULL OR counted.listed_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
            AND (NULL::date IS NULL OR counted.listed_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
          UNION ALL
          SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
          FROM topic AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND counted.listed_at IS NULL
            AND NULL::date IS NULL
            AND NULL::date IS NULL
            AND false
        ) AS part
      ) AS t4
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(total), 0) AS total, coalesce(sum(done), 0) AS done, coalesce(sum(verified), 0) AS verified
        FROM (
          SELECT sum(commitments) AS total, sum(commitments_done) AS done, sum(commitments_verified) AS verified
          FROM county_tally AS tally
          WHERE tally.county_number >= t2.number
            AND tally.county_number < t2.upper
            AND tally.year >= 0
            AND tally.year < 9999
          UNION ALL
          SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, count(*) FILTER (WHERE status = 'VERIFIED') AS verified
          FROM commitment AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND true
            AND (true OR false OR false)
            AND (true OR extract(year FROM counted.assigned_at AT TIME ZONE 'Asia/Shanghai') < 0 OR extract(year FROM counted.assigned_at AT TIME ZONE 'Asia/Shanghai') >= 9999)
            AND (NULL::date IS NULL OR counted.assigned_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
            AND (NULL::date IS NULL OR counted.assigned_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        ) AS part
      ) AS t5
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(commitments), 0) AS commitments
        FROM (
          SELECT sum(tally.commitments) AS commitments
          FROM due_tally AS tally
          WHERE tally.county_number >= t2.number
            AND tally.county_number < t2.upper
            AND NOT (true)
            AND NULL::date IS NULL
            AND NULL::date IS NULL
            AND tally.month < date_trunc('month', $2::date::timestamp)::date
          UNION ALL
          SELECT count(*)
          FROM (
            SELECT division_number, topic_id
            FROM commitment AS counted
            WHERE due_on >= date_trunc('month', $2::date::timestamp)::date
              AND counted.due_on < $2::date
              AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED') OFFSET 0
          ) AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND NOT (true)
            AND NULL::date IS NULL
            AND NULL::date IS NULL
          UNION ALL
          SELECT count(*)
          FROM commitment AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND counted.due_on < $2::date
            AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED')
            AND NOT (NOT (true) AND NULL::date IS NULL AND NULL::date IS NULL)
            AND (NULL::date IS NULL OR counted.assigned_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
            AND (NULL::date IS NULL OR counted.assigned_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        ) AS part
      ) AS t6
    )
  )
    || ',"now":{"platforms":{"total":' || (t7.total)::text || '}}}'
  FROM division AS t1
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(platforms), 0) AS total, coalesce(sum(platforms) FILTER (WHERE tier = 'GENERAL'), 0) AS general, coalesce(sum(platforms) FILTER (WHERE tier = 'SUB'), 0) AS sub, coalesce(sum(platforms) FILTER (WHERE tier = 'MICRO'), 0) AS micro
    FROM (
      SELECT tier, platforms
      FROM platform_tally AS tally
      WHERE tally.county_number >= t1.number
        AND tally.county_number < t1.upper
        AND NULL::date IS NULL
        AND NULL::date IS NULL
      UNION ALL
      SELECT tier, 1
      FROM platform AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR NULL::date IS NOT NULL OR NULL::date IS NOT NULL)
        AND (NULL::date IS NULL OR counted.opened_on IS NULL OR counted.opened_on < NULL::date)
        AND (NULL::date IS NULL OR counted.closed_on IS NULL OR counted.closed_on > NULL::date)
        AND (NULL::date IS NULL OR NULL::date IS NULL OR NULL::date < NULL::date)
    ) AS part
  ) AS t7
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 14
-- $2::date = 2022-06-30
-- $3::timestamptz = 2022-06-30T00:00:00+08:00
