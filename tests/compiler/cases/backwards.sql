SELECT '{"data":{"topics":' || (
  SELECT '{"nodes":[' || coalesce(array_to_string(t2.c0[greatest(t2.found - 2, 0) + 1:t2.found], ','), '')
    || '],"pageInfo":{"hasPreviousPage":' || (t2.found > 2)::text
    || ',"hasNextPage":true,"startCursor":' || coalesce('"' || (t2.c2[greatest(t2.found - 2, 0) + 1:t2.found])[1] || '"', 'null') || '}}'
  FROM (
    SELECT array_agg(c0) AS c0, array_agg(c1) AS c1, array_agg(c2) AS c2, count(*)::int AS found
    FROM (
      SELECT '{"number":"' || t1.number || '"}' AS c0, '' AS c1, (
        SELECT translate(encode(substr(sha256($1::bytea || sha256($1::bytea || payload)), 1, 12) || payload, 'base64'), E'+/=\n', '-_')
        FROM (
          SELECT convert_to(json_build_array('Topic,number+', t1.number)::text, 'UTF8') AS payload OFFSET 0
        ) AS opened
      ) AS c2
      FROM (
        SELECT t3.*, t3.number AS order_0
        FROM topic AS t3
        WHERE (t3.listed_at IS NOT NULL)
          AND (t3.number) < ($2::text)
        ORDER BY t3.number DESC
        LIMIT 2 + 1
      ) AS t1
      ORDER BY t1.order_0
    ) AS t2
  ) AS t2
) || '}}'

-- $1::bytea = \x61206b6579206f6620746865207465737473
-- $2::text = T141182-2024-0013
