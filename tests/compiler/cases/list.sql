SELECT '{"data":{"division":' || coalesce((
  SELECT '{"name":' || to_json(t1.name)::text
    || ',"children":[' || array_to_string(ARRAY(
      SELECT '{"name":' || to_json(t2.name)::text || '}'
      FROM division AS t2
      WHERE t2.parent_number = t1.number
      ORDER BY t2.number
    ), ',') || ']}'
  FROM division AS t1
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140521201
