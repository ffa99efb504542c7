SELECT '{"data":{"division":' || coalesce((
  SELECT '{"name":' || to_json(t1.name)::text
    || ',"parent":' || CASE WHEN t2.number IS NULL THEN 'null' ELSE '{"name":' || to_json(t2.name)::text || '}' END || '}'
  FROM division AS t1
  LEFT JOIN division AS t2 ON t2.number = t1.parent_number
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140106
