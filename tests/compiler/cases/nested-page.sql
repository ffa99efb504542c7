SELECT '{"data":{"platform":' || coalesce((
  SELECT '{"name":' || to_json(t1.name)::text
    || ',"topics":{"nodes":[' || array_to_string(ARRAY(
      SELECT '{"number":"' || t2.number
        || '","title":' || to_json(t2.title)::text || '}'
      FROM topic AS t2
      WHERE t2.platform_id = t1.id
        AND (t2.listed_at IS NOT NULL)
      ORDER BY t2.number
      LIMIT 2
    ), ',') || ']}}'
  FROM platform AS t1
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = P140106
