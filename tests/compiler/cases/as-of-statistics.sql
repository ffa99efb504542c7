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
    ), tally AS NOT MATERIALIZED (
      SELECT *
      FROM public.tally
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
          SELECT tier, opened AS platforms
          FROM platform_tally AS tallied
          WHERE tallied.division_number = t2.number
            AND NOT true
            AND (NULL::date < NULL::date) IS NOT FALSE
            AND ((unit = 'YEAR' AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= 'infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= 'infinity'::date AND starts_on < NULL::date))
          UNION ALL
          SELECT tier, -closed AS platforms
          FROM platform_tally AS tallied
          WHERE tallied.division_number = t2.number
            AND NOT true
            AND (NULL::date < NULL::date) IS NOT FALSE
            AND ((unit = 'YEAR' AND starts_on < date_trunc('year', NULL::date::timestamp)::date) OR (unit = 'MONTH' AND starts_on >= date_trunc('year', NULL::date::timestamp)::date AND starts_on < date_trunc('month', NULL::date::timestamp)::date) OR (unit = 'DAY' AND starts_on >= date_trunc('month', NULL::date::timestamp)::date AND starts_on <= NULL::date))
          UNION ALL
          SELECT tier, 1
          FROM platform AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND true
            AND (NULL::date IS NULL OR counted.opened_on IS NULL OR counted.opened_on < NULL::date)
            AND (NULL::date IS NULL OR counted.closed_on IS NULL OR counted.closed_on > NULL::date)
            AND (NULL::date < NULL::date) IS NOT FALSE
        ) AS part
      ) AS t3
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
        FROM (
          SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
          FROM tally AS tallied
          WHERE tallied.division_number = t2.number
            AND NOT true
            AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
          UNION ALL
          SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
          FROM topic AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND counted.listed_at IS NOT NULL
            AND true
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
          FROM tally AS tallied
          WHERE tallied.division_number = t2.number
            AND NOT true
            AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
          UNION ALL
          SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, count(*) FILTER (WHERE status = 'VERIFIED') AS verified
          FROM commitment AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND true
            AND true
            AND (NULL::date IS NULL OR counted.assigned_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
            AND (NULL::date IS NULL OR counted.assigned_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        ) AS part
      ) AS t5
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(commitments), 0) AS commitments
        FROM (
          SELECT sum(commitments) AS commitments
          FROM due_tally AS tallied
          WHERE tallied.division_number = t2.number
            AND NOT true
            AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
            AND tallied.due_on < $2::date
          UNION ALL
          SELECT count(*)
          FROM commitment AS counted
          WHERE (counted.division_number >= t2.number AND counted.division_number < t2.upper)
            AND counted.due_on < $2::date
            AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN')
            AND true
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
      SELECT tier, opened AS platforms
      FROM platform_tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND (NULL::date < NULL::date) IS NOT FALSE
        AND ((unit = 'YEAR' AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= 'infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= 'infinity'::date AND starts_on < NULL::date))
      UNION ALL
      SELECT tier, -closed AS platforms
      FROM platform_tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND (NULL::date < NULL::date) IS NOT FALSE
        AND ((unit = 'YEAR' AND starts_on < date_trunc('year', NULL::date::timestamp)::date) OR (unit = 'MONTH' AND starts_on >= date_trunc('year', NULL::date::timestamp)::date AND starts_on < date_trunc('month', NULL::date::timestamp)::date) OR (unit = 'DAY' AND starts_on >= date_trunc('month', NULL::date::timestamp)::date AND starts_on <= NULL::date))
      UNION ALL
      SELECT tier, 1
      FROM platform AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND (NULL::date IS NULL OR counted.opened_on IS NULL OR counted.opened_on < NULL::date)
        AND (NULL::date IS NULL OR counted.closed_on IS NULL OR counted.closed_on > NULL::date)
        AND (NULL::date < NULL::date) IS NOT FALSE
    ) AS part
  ) AS t7
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 14
-- $2::date = 2022-06-30
-- $3::timestamptz = 2022-06-30T00:00:00+08:00
