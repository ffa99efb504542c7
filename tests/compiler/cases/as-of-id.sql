SELECT '{"data":{"topic":' || (
  WITH as_of AS (
    SELECT $5::timestamptz
  ), topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.topic_as_of($5::timestamptz)
  ), session AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_as_of($5::timestamptz)
  ), session_topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_topic
    WHERE session_id < $6::uuid
  )
  SELECT coalesce((
    SELECT '{"id":"' || 'topic_' || t1.id || $4::text
      || '","sessions":{"nodes":[' || array_to_string(ARRAY(
        SELECT '{"id":"' || 'session_' || t2.id || $4::text
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
      AND (t1.listed_at IS NOT NULL OR t1.division_number <@ $2::text::int8multirange OR t1.subject = $3::text)
  ), 'null')::text
) || '}}'

-- $1::uuid = 017c9120-8500-7000-9d84-52ad160d6064
-- $2::text::int8multirange = {[140106000000,140107000000)}
-- $3::text = somebody
-- $4::text = @2022-03-19T16:00:00Z
-- $5::timestamptz = 2022-03-19T16:00:00+00:00
-- $6::uuid = 017fa2e8-3001-0000-0000-000000000000
