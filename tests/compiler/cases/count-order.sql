WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t7
    WHERE t7.number = $1::bigint
  ) AS k1
)
SELECT '{"data":{"topics":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE '{"totalCount":' || (
  SELECT count(*)
  FROM topic AS t3
  WHERE (t3.division_number >= $1::bigint AND t3.division_number < $2::bigint)
    AND (t3.listed_at IS NOT NULL)
)::text
  || ',"nodes":[' || array_to_string(ARRAY(
    SELECT '{"number":"' || t1.number
      || '","sessions":{"totalCount":' || (
        SELECT count(*)
        FROM session AS t6
        WHERE t6.id IN (
          SELECT session_id
          FROM session_topic
          WHERE topic_id = t1.id
        )
      )::text || '}}'
    FROM topic AS t1
    WHERE (t1.division_number >= $1::bigint AND t1.division_number < $2::bigint)
      AND (t1.listed_at IS NOT NULL)
    ORDER BY (
      SELECT count(*)
      FROM session_topic AS counted
      WHERE counted.topic_id = t1.id
    ) DESC, t1.id DESC
    LIMIT 2
  ), ',') || ']}' END || '}}'

-- $1::bigint = 140106000000
-- $2::bigint = 140107000000
