SELECT '{"data":{"topics":' || (
  SELECT '{"nodes":[' || coalesce(array_to_string(t2.c0[1:2], ','), '')
    || '],"pageInfo":{"endCursor":' || coalesce('"' || (t2.c1[1:2])[least(2, t2.found)] || '"', 'null') || '}}'
  FROM (
    SELECT array_agg(c0) AS c0, array_agg(c1) AS c1, count(*)::int AS found
    FROM (
      SELECT '{"number":"' || t1.number
        || '","resolvedAt":' || coalesce(to_json(t1.resolved_at)::text, 'null') || '}' AS c0, (
          SELECT translate(encode(substr(sha256($1::bytea || sha256($1::bytea || payload)), 1, 12) || payload, 'base64'), E'+/=\n', '-_')
          FROM (
            SELECT convert_to(json_build_array('Topic,resolved_at-,number+', t1.resolved_at, t1.number)::text, 'UTF8') AS payload OFFSET 0
          ) AS opened
        ) AS c1
      FROM topic AS t1
      WHERE (t1.listed_at IS NOT NULL)
        AND (((t1.resolved_at < $2::timestamptz OR (t1.resolved_at IS NULL AND $2::timestamptz IS NOT NULL))) OR (t1.resolved_at IS NOT DISTINCT FROM $2::timestamptz AND t1.number > $3::text))
      ORDER BY t1.resolved_at DESC NULLS LAST, t1.number
      LIMIT 2 + 1
    ) AS t2
  ) AS t2
) || '}}'

-- $1::bytea = \x61206b6579206f6620746865207465737473
-- $2::timestamptz = 2024-06-28T02:31:44.228000+00:00
-- $3::text = T141023-2024-0002
