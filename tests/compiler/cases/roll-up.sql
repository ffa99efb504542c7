SELECT '{"data":{"division":' || coalesce((
  SELECT '{"statistics":{"platforms":{"total":' || (t2.total)::text
    || ',"micro":' || (t2.micro)::text
    || '},"topics":{"total":' || (t3.key + t3.micro)::text
    || ',"key":' || (t3.key)::text
    || '},"sessionsHeld":' || (t4.held)::text || '}}'
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
  ) AS t2
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
    FROM (
      SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
      FROM tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.listed_at IS NOT NULL
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND (NULL::date IS NULL OR counted.listed_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND (NULL::date IS NULL OR counted.listed_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.listed_at IS NULL
        AND NULL::date IS NULL
        AND NULL::date IS NULL
        AND false
    ) AS part
  ) AS t3
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(held), 0) AS held, coalesce(sum(attendances), 0) AS attendances, coalesce(sum(uncertain), 0) AS uncertain
    FROM (
      SELECT sum(sessions_held) AS held, sum(attendances) AS attendances, sum(sessions_uncertain) AS uncertain
      FROM tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
      UNION ALL
      SELECT count(*) AS held, coalesce(sum(headcount), 0) AS attendances, count(*) FILTER (WHERE headcount_is_lower_bound OR headcount IS NULL) AS uncertain
      FROM session AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.status = 'HELD'
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND (NULL::date IS NULL OR counted.held_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND (NULL::date IS NULL OR counted.held_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t4
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140106
