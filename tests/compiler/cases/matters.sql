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
    AND t3.status = ANY($3::text[])
    AND (EXISTS (
      SELECT
      FROM topic AS listing
      WHERE listing.id = t3.topic_id
        AND listing.listed_at IS NOT NULL
    ))
)::text
  || ',"nodes":[' || array_to_string(ARRAY(
    SELECT '{"title":' || to_json(t1.title)::text
      || ',"nature":' || coalesce('"' || t1.nature || '"', 'null')
      || ',"raisedBy":"' || t1.raised_by
      || '","raisedAt":' || to_json(t1.raised_at)::text
      || ',"topic":' || CASE WHEN t4.id IS NULL THEN 'null' ELSE '{"number":"' || t4.number || '"}' END || '}'
    FROM (
      SELECT t5.*, t5.raised_at AS order_0, t5.id AS order_1
      FROM matter AS t5
      WHERE (t5.division_number >= $1::bigint AND t5.division_number < $2::bigint)
        AND t5.status = ANY($3::text[])
        AND (EXISTS (
          SELECT
          FROM topic AS listing
          WHERE listing.id = t5.topic_id
            AND listing.listed_at IS NOT NULL
        ))
      ORDER BY t5.raised_at DESC, t5.id DESC
      LIMIT 2
    ) AS t1
    LEFT JOIN topic AS t4 ON t4.id = t1.topic_id
      AND (t4.listed_at IS NOT NULL)
    ORDER BY t1.order_0 DESC, t1.order_1 DESC
  ), ',') || ']}' END || '}}'

-- $1::bigint = 140106000000
-- $2::bigint = 140107000000
-- $3::text[] = {"LISTED"}
