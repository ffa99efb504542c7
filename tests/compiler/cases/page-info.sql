WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t3
    WHERE t3.number = $2::bigint
  ) AS k1
)
SELECT '{"data":{"topics":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE (
  SELECT '{"nodes":[' || coalesce(array_to_string(t2.c0[1:2], ','), '')
    || '],"edges":[' || coalesce(array_to_string(t2.c1[1:2], ','), '')
    || '],"pageInfo":{"hasNextPage":' || (t2.found > 2)::text
    || ',"hasPreviousPage":false,"startCursor":' || coalesce('"' || (t2.c3[1:2])[1] || '"', 'null')
    || ',"endCursor":' || coalesce('"' || (t2.c3[1:2])[least(2, t2.found)] || '"', 'null') || '}}'
  FROM (
    SELECT array_agg(c0) AS c0, array_agg(c1) AS c1, array_agg(c2) AS c2, array_agg(c3) AS c3, count(*)::int AS found
    FROM (
      SELECT '{"number":"' || t1.number || '"}' AS c0, '{"cursor":' || '"' || (
        SELECT translate(encode(substr(sha256($1::bytea || sha256($1::bytea || payload)), 1, 12) || payload, 'base64'), E'+/=\n', '-_')
        FROM (
          SELECT convert_to(json_build_array('Topic,number+', t1.number)::text, 'UTF8') AS payload OFFSET 0
        ) AS opened
      ) || '"' || '}' AS c1, '' AS c2, (
        SELECT translate(encode(substr(sha256($1::bytea || sha256($1::bytea || payload)), 1, 12) || payload, 'base64'), E'+/=\n', '-_')
        FROM (
          SELECT convert_to(json_build_array('Topic,number+', t1.number)::text, 'UTF8') AS payload OFFSET 0
        ) AS opened
      ) AS c3
      FROM topic AS t1
      WHERE (t1.division_number >= $2::bigint AND t1.division_number < $3::bigint)
        AND (t1.listed_at IS NOT NULL)
      ORDER BY t1.number
      LIMIT 2 + 1
    ) AS t2
  ) AS t2
)::text END || '}}'

-- $1::bytea = \x61206b6579206f6620746865207465737473
-- $2::bigint = 140106000000
-- $3::bigint = 140107000000
