SELECT '{"data":{"topic":' || coalesce((
  SELECT '{"title":' || to_json(t1.title)::text
    || ',"status":"' || t1.status
    || '","resolvedAt":' || coalesce(to_json(t1.resolved_at)::text, 'null')
    || ',"platform":{"name":' || to_json(t2.name)::text
    || ',"brand":' || CASE WHEN t3.id IS NULL THEN 'null' ELSE '{"name":' || to_json(t3.name)::text || '}' END
    || ',"division":{"name":' || to_json(t4.name)::text
    || ',"parent":' || CASE WHEN t5.number IS NULL THEN 'null' ELSE '{"name":' || to_json(t5.name)::text || '}' END || '}}}'
  FROM topic AS t1
  JOIN platform AS t2 ON t2.id = t1.platform_id
  LEFT JOIN brand AS t3 ON t3.id = t2.brand_id
  JOIN division AS t4 ON t4.number = t2.division_number
  LEFT JOIN division AS t5 ON t5.number = t4.parent_number
  WHERE t1.number = $1::text
    AND (t1.listed_at IS NOT NULL)
), 'null') || '}}'

-- $1::text = T140106-2022-0001
