SELECT '{"data":{"viewer":{"subject":' || coalesce(to_json($1::text)::text, 'null')
  || ',"grants":[' || array_to_string(ARRAY(
    SELECT '{"role":"' || t1.role
      || '","division":' || CASE WHEN t2.number IS NULL THEN 'null' ELSE '{"name":' || to_json(t2.name)::text || '}' END || '}'
    FROM (
      SELECT *
      FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS held(role, division_code, department_code, position)
    ) AS t1
    LEFT JOIN division AS t2 ON t2.code = t1.division_code
    WHERE true
    ORDER BY t1.position
  ), ',') || ']}}}'

-- $1::text = somebody
-- $2::text[] = {"SECRETARIAT"}
-- $3::text[] = {"140521"}
-- $4::text[] = {NULL}
