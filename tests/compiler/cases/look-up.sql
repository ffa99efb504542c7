SELECT '{"data":{"division":' || coalesce((
  SELECT '{"id":"' || 'division_' || t1.code
    || '","name":' || to_json(t1.name)::text
    || ',"level":"' || t1.level || '"}'
  FROM division AS t1
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140106
