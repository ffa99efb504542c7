SELECT '{"data":{"topic":' || (
  WITH as_of AS (
    SELECT $5::timestamptz
  ), topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.topic_as_of($5::timestamptz)
  ), session AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_as_of($5::timestamptz)
  ), outcome AS NOT MATERIALIZED (
    SELECT *
    FROM public.outcome_as_of($5::timestamptz)
  ), session_topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.session_topic
    WHERE session_id < $6::uuid
  )
  SELECT coalesce((
    SELECT '{"id":"' || 'topic_' || t1.id || $4::text
      || '","number":"' || t1.number
      || '","status":"' || t1.status
      || '","sessions":{"nodes":[' || array_to_string(ARRAY(
        SELECT '{"status":"' || t2.status
          || '","scheduledAt":' || to_json(t2.scheduled_at)::text
          || ',"heldAt":' || coalesce(to_json(t2.held_at)::text, 'null')
          || ',"topics":[' || array_to_string(ARRAY(
            SELECT '{"status":"' || t4.status || '"}'
            FROM topic AS t4
            WHERE t4.id IN (
              SELECT topic_id
              FROM session_topic
              WHERE session_id = t2.id
            )
              AND (t4.listed_at IS NOT NULL OR t4.division_number <@ $2::text::int8multirange OR t4.subject = $3::text)
            ORDER BY (
              SELECT agenda.position
              FROM session_topic AS agenda
              WHERE agenda.session_id = t2.id
                AND agenda.topic_id = t4.id
            )
          ), ',') || ']}'
        FROM session AS t2
        WHERE t2.id IN (
          SELECT session_id
          FROM session_topic
          WHERE topic_id = t1.id
        )
        ORDER BY t2.scheduled_at, t2.id
        LIMIT 1
      ), ',')
      || ']},"outcomes":[' || array_to_string(ARRAY(
        SELECT '{"agreement":' || to_json(t5.agreement)::text || '}'
        FROM outcome AS t5
        WHERE t5.topic_id = t1.id
        ORDER BY t5.reached_on, t5.id
      ), ',') || ']}'
    FROM topic AS t1
    WHERE t1.number = $1::text
      AND (t1.listed_at IS NOT NULL OR t1.division_number <@ $2::text::int8multirange OR t1.subject = $3::text)
  ), 'null')::text
) || '}}'

-- $1::text = T140106-2021-0001
-- $2::text::int8multirange = {[140106000000,140107000000)}
-- $3::text = somebody
-- $4::text = @2021-04-09T16:00:00Z
-- $5::timestamptz = 2021-04-10T00:00:00+08:00
-- $6::uuid = 0178b75c-9001-0000-0000-000000000000
