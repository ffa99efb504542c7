-- The whole province: cities, counties, streets and towns, with platforms and their topics.
SELECT '{"data":{"division":{"name":' || to_json(province.name) || ',"children":[' || array_to_string(ARRAY(
  SELECT '{"name":' || to_json(city.name) || ',"children":[' || array_to_string(ARRAY(
    SELECT '{"name":' || to_json(county.name)
      || ',"platforms":{"nodes":[' || array_to_string(ARRAY(
          SELECT :platform FROM platform WHERE platform.division_number = county.number ORDER BY platform.code LIMIT 5
        ), ',')
      || ']},"children":[' || array_to_string(ARRAY(
        SELECT '{"name":' || to_json(township.name)
          || ',"platforms":{"nodes":[' || array_to_string(ARRAY(
              SELECT :platform FROM platform WHERE platform.division_number = township.number ORDER BY platform.code LIMIT 5
            ), ',')
          || ']}}'
        FROM division AS township WHERE township.parent_number = county.number ORDER BY township.number
      ), ',')
      || ']}'
    FROM division AS county WHERE county.parent_number = city.number ORDER BY county.number
  ), ',')
  || ']}'
  FROM division AS city WHERE city.parent_number = province.number ORDER BY city.number
), ',')
|| ']}}}'
FROM division AS province
WHERE province.code = $1
