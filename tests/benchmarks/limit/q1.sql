-- One county: itself, its streets and towns, their communities and villages, each with its platforms.
SELECT '{"data":{"division":{"name":' || to_json(county.name) || ',"level":"' || county.level
  || '","platforms":{"nodes":[' || array_to_string(ARRAY(
      SELECT :platform FROM platform WHERE platform.division_number = county.number ORDER BY platform.code LIMIT 5
    ), ',')
  || ']},"children":[' || array_to_string(ARRAY(
    SELECT '{"name":' || to_json(township.name) || ',"level":"' || township.level
      || '","platforms":{"nodes":[' || array_to_string(ARRAY(
          SELECT :platform FROM platform WHERE platform.division_number = township.number ORDER BY platform.code LIMIT 5
        ), ',')
      || ']},"children":[' || array_to_string(ARRAY(
        SELECT '{"name":' || to_json(village.name) || ',"level":"' || village.level
          || '","platforms":{"nodes":[' || array_to_string(ARRAY(
              SELECT :platform FROM platform WHERE platform.division_number = village.number ORDER BY platform.code LIMIT 5
            ), ',')
          || ']}}'
        FROM division AS village WHERE village.parent_number = township.number ORDER BY village.number
      ), ',')
      || ']}'
    FROM division AS township WHERE township.parent_number = county.number ORDER BY township.number
  ), ',')
  || ']}}}'
FROM division AS county
WHERE county.code = $1
