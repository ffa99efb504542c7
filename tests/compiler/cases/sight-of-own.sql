WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t6
    WHERE t6.number = $1::bigint
  ) AS k1
)
SELECT '{"data":{"matters":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE '{"totalCount":' || (
  SELECT count(*)
  FROM matter AS t3
  WHERE (t3.division_number >= $1::bigint AND t3.division_number < $2::bigint)
    AND NOT (t3.topic_id IS NULL AND t3.answered_at IS NULL AND t3.raised_at < (($3::date - $4::int)::timestamp AT TIME ZONE 'Asia/Shanghai'))
    AND (EXISTS (
      SELECT
      FROM topic AS listing
      WHERE listing.id = t3.topic_id
        AND listing.listed_at IS NOT NULL
    ) OR t3.subject = $5::text)
)::text
  || ',"nodes":[' || array_to_string(ARRAY(
    SELECT '{"title":' || to_json(t1.title)::text
      || ',"status":"' || t1.status || '"}'
    FROM matter AS t1
    WHERE (t1.division_number >= $1::bigint AND t1.division_number < $2::bigint)
      AND NOT (t1.topic_id IS NULL AND t1.answered_at IS NULL AND t1.raised_at < (($3::date - $4::int)::timestamp AT TIME ZONE 'Asia/Shanghai'))
      AND (EXISTS (
        SELECT
        FROM topic AS listing
        WHERE listing.id = t1.topic_id
          AND listing.listed_at IS NOT NULL
      ) OR t1.subject = $5::text)
    ORDER BY t1.raised_at DESC, t1.id DESC
    LIMIT 2
  ), ',') || ']}' END
  || ',"viewer":{"matters":{"nodes":[' || array_to_string(ARRAY(
    SELECT '{"id":"' || 'matter_' || t4.id || '"}'
    FROM matter AS t4
    WHERE t4.subject = $5::text
      AND (EXISTS (
        SELECT
        FROM topic AS listing
        WHERE listing.id = t4.topic_id
          AND listing.listed_at IS NOT NULL
      ) OR t4.subject = $5::text)
    ORDER BY t4.raised_at DESC, t4.id DESC
    LIMIT 20
  ), ',') || ']}}}}'

-- $1::bigint = 140106000000
-- $2::bigint = 140107000000
-- $3::date = 2024-06-01
-- $4::int = 15
-- $5::text = somebody
