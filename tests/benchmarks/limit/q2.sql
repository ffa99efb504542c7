-- One topic by its number, with its sessions and the departments involved.
SELECT coalesce((
  SELECT '{"data":{"topic":{"id":"topic_' || topic.id || '","number":"' || topic.number
    || '","title":' || to_json(topic.title) || ',"summary":' || coalesce(to_json(topic.summary)::text, 'null')
    || ',"kind":"' || topic.kind || '","category":"' || topic.category || '","status":"' || topic.status
    || '","proposedAt":' || to_json(topic.proposed_at)
    || ',"sessions":{"nodes":[' || array_to_string(ARRAY(
      SELECT '{"status":"' || session.status || '","scheduledAt":' || to_json(session.scheduled_at)
        || ',"venue":' || to_json(session.venue) || '}'
      FROM session_topic JOIN session ON session.id = session_topic.session_id
      WHERE session_topic.topic_id = topic.id ORDER BY session.scheduled_at, session.id LIMIT 5
    ), ',')
    || ']},"involvements":[' || array_to_string(ARRAY(
      SELECT '{"role":"' || involvement.role || '","department":{"code":"' || department.code
        || '","name":' || to_json(department.name) || '}}'
      FROM involvement JOIN department ON department.id = involvement.department_id
      WHERE involvement.topic_id = topic.id AND involvement.until IS NULL
      ORDER BY array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], involvement.role::text), involvement.since, involvement.id
    ), ',')
    || ']}}}'
  FROM topic WHERE topic.number = $1 AND topic.listed_at IS NOT NULL
), '{"data":{"topic":null}}')
