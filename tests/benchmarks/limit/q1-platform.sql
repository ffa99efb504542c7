'{"code":"' || platform.code || '","name":' || to_json(platform.name) || ',"tier":"' || platform.tier
  || '","topics":{"nodes":[' || array_to_string(ARRAY(
    SELECT '{"number":"' || topic.number || '","title":' || to_json(topic.title) || ',"status":"' || topic.status
      || '","sessions":{"nodes":[' || array_to_string(ARRAY(
        SELECT '{"status":"' || session.status || '","scheduledAt":' || to_json(session.scheduled_at) || '}'
        FROM session_topic JOIN session ON session.id = session_topic.session_id
        WHERE session_topic.topic_id = topic.id ORDER BY session.scheduled_at, session.id LIMIT 5
      ), ',')
      || ']},"involvements":[' || array_to_string(ARRAY(
        SELECT '{"role":"' || involvement.role || '","department":{"name":' || to_json(department.name) || '}}'
        FROM involvement JOIN department ON department.id = involvement.department_id
        WHERE involvement.topic_id = topic.id AND involvement.until IS NULL
        ORDER BY array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], involvement.role::text), involvement.since, involvement.id
      ), ',')
      || ']}'
    FROM topic WHERE topic.platform_id = platform.id AND topic.listed_at IS NOT NULL ORDER BY topic.number LIMIT 30
  ), ',')
  || ']}}'
