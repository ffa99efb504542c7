SELECT '{"data":{"platform":' || coalesce((
  SELECT '{"statistics":{"topics":{"byStatus":[' || array_to_string(ARRAY(
    SELECT '{"status":"' || t3.value
      || '","count":' || (t3.count)::text || '}'
    FROM (
      SELECT part.value, sum(part.count) AS count
      FROM (
        SELECT each.value, each.count
        FROM (
          SELECT sum(status_proposed) AS c0, sum(status_listed) AS c1, sum(status_scheduled) AS c2, sum(status_deliberated) AS c3, sum(status_implementing) AS c4, sum(status_resolved) AS c5, sum(status_withdrawn) AS c6
          FROM tally AS tallied
          WHERE false
            AND NOT true
            AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
        ) AS summed
        CROSS JOIN LATERAL (VALUES ('PROPOSED', c0), ('LISTED', c1), ('SCHEDULED', c2), ('DELIBERATED', c3), ('IMPLEMENTING', c4), ('RESOLVED', c5), ('WITHDRAWN', c6)) AS each(value, count)
        UNION ALL
        SELECT counted.status AS value, count(*) AS count
        FROM topic AS counted
        WHERE counted.platform_id = ANY(t2.ids)
          AND counted.listed_at IS NOT NULL
          AND true
          AND (NULL::date IS NULL OR counted.listed_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
          AND (NULL::date IS NULL OR counted.listed_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        GROUP BY counted.status
        UNION ALL
        SELECT counted.status AS value, count(*) AS count
        FROM topic AS counted
        WHERE counted.platform_id = ANY(t2.ids)
          AND counted.listed_at IS NULL
          AND NULL::date IS NULL
          AND NULL::date IS NULL
          AND false
        GROUP BY counted.status
      ) AS part
      GROUP BY part.value
      HAVING sum(part.count) > 0
    ) AS t3
    WHERE true
    ORDER BY t3.count DESC, t3.value
  ), ',')
    || ']},"resolutionRate":' || coalesce((t4.resolved::float8 / nullif(t4.key + t4.micro, 0)::float8)::text, 'null') || '}}'
  FROM platform AS t1
  CROSS JOIN LATERAL (
    WITH RECURSIVE below AS (
      SELECT t1.id
      UNION ALL
      SELECT child.id
      FROM below
      JOIN platform AS child ON child.parent_id = below.id
    )
    SELECT array_agg(below.id) AS ids
    FROM below
  ) AS t2
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
    FROM (
      SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
      FROM tally AS tallied
      WHERE false
        AND NOT true
        AND ((unit = 'YEAR' AND starts_on >= '-infinity'::date AND starts_on < 'infinity'::date) OR (unit = 'MONTH' AND starts_on >= '-infinity'::date AND starts_on < least('infinity'::date, '-infinity'::date)) OR (unit = 'MONTH' AND starts_on >= greatest('-infinity'::date, 'infinity'::date) AND starts_on < 'infinity'::date) OR (unit = 'DAY' AND starts_on >= NULL::date AND starts_on < least(NULL::date, '-infinity'::date)) OR (unit = 'DAY' AND starts_on >= greatest(NULL::date, 'infinity'::date) AND starts_on < NULL::date))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE counted.platform_id = ANY(t2.ids)
        AND counted.listed_at IS NOT NULL
        AND true
        AND (NULL::date IS NULL OR counted.listed_at >= (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND (NULL::date IS NULL OR counted.listed_at < (NULL::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE counted.platform_id = ANY(t2.ids)
        AND counted.listed_at IS NULL
        AND NULL::date IS NULL
        AND NULL::date IS NULL
        AND false
    ) AS part
  ) AS t4
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = P140106
