SELECT '{"data":{"topic":' || (
  WITH as_of AS (
    SELECT $3::timestamptz
  ), topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.topic_as_of($3::timestamptz)
  ), session AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_as_of($3::timestamptz)
  ), session_topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_topic
    WHERE session_id < $4::uuid
  )
  SELECT coalesce((
    SELECT '{"id":"' || 'topic_' || t1.id || $2::text
      || '","sessions":{"nodes":[' || array_to_string(ARRAY(
        SELECT '{"id":"' || 'session_' || t2.id || $2::text
          || '","status":"' || t2.status || '"}'
        FROM session AS t2
        WHERE t2.id IN (
          SELECT session_id
          FROM session_topic
          WHERE topic_id = t1.id
        )
        ORDER BY t2.scheduled_at, t2.id
        LIMIT 1
      ), ',') || ']}}'
    FROM topic AS t1
    WHERE t1.id = $1::uuid
      AND (t1.listed_at IS NOT NULL)
  ), 'null')::text
) || '}}'

-- $1::uuid = NULL
-- $2::text = @2021-04-09T16:00:00Z
-- $3::timestamptz = 2021-04-09T16:00:00+00:00
-- $4::uuid = 0178b75c-9001-0000-0000-000000000000
