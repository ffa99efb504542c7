WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t4
    WHERE t4.number = $1::bigint
  ) AS k1
)
SELECT '{"data":{"topics":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE '{"totalCount":' || (
  SELECT count(*)
  FROM topic AS t3
  WHERE (t3.division_number >= $1::bigint AND t3.division_number < $2::bigint)
    AND t3.status = ANY($3::text[])
    AND (t3.listed_at IS NOT NULL)
)::text
  || ',"nodes":[' || array_to_string(ARRAY(
    SELECT '{"number":"' || t1.number || '"}'
    FROM topic AS t1
    WHERE (t1.division_number >= $1::bigint AND t1.division_number < $2::bigint)
      AND t1.status = ANY($3::text[])
      AND (t1.listed_at IS NOT NULL)
    ORDER BY t1.number
    LIMIT 2
  ), ',') || ']}' END || '}}'

-- $1::bigint = 140521000000
-- $2::bigint = 140522000000
-- $3::text[] = {"PROPOSED"}
