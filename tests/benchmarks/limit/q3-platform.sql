'{"code":"' || platform.code || '","name":' || to_json(platform.name)
  || ',"topics":{"nodes":[' || array_to_string(ARRAY(
    SELECT '{"number":"' || topic.number || '","title":' || to_json(topic.title) || ',"status":"' || topic.status || '"}'
    FROM topic WHERE topic.platform_id = platform.id AND topic.listed_at IS NOT NULL ORDER BY topic.number LIMIT 30
  ), ',')
  || ']}}'
