SELECT '{"data":{"platform":' || coalesce((
  SELECT '{"own":{"totalCount":' || (
    SELECT count(*)
    FROM topic AS t4
    WHERE t4.platform_id = t1.id
      AND (t4.listed_at IS NOT NULL)
  )::text
    || '},"all":{"totalCount":' || (
      SELECT count(*)
      FROM topic AS t7
      WHERE t7.platform_id = ANY(t8.ids)
        AND (t7.listed_at IS NOT NULL)
    )::text || '}}'
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
  ) AS t8
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = P140521
