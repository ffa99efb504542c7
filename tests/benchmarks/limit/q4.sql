-- The newest topics of a city in some states, with where they stand and the departments involved.
-- `+ 0` keeps the generic plan from taking the range for a small part of the table: it reads by time and stops at 20.
SELECT '{"data":{"topics":{"nodes":[' || array_to_string(ARRAY(
  SELECT '{"id":"topic_' || topic.id || '","number":"' || topic.number || '","title":' || to_json(topic.title)
    || ',"kind":"' || topic.kind || '","category":"' || topic.category || '","status":"' || topic.status
    || '","proposedAt":' || to_json(topic.proposed_at)
    || ',"platform":{"name":' || to_json(platform.name) || ',"division":{"name":' || to_json(division.name)
    || ',"parent":' || CASE WHEN above1.number IS NULL THEN 'null' ELSE '{"name":' || to_json(above1.name)
    || ',"parent":' || CASE WHEN above2.number IS NULL THEN 'null' ELSE '{"name":' || to_json(above2.name)
    || ',"parent":' || CASE WHEN above3.number IS NULL THEN 'null' ELSE '{"name":' || to_json(above3.name)
    || '}' END || '}' END || '}' END
    || '}},"involvements":[' || array_to_string(ARRAY(
      SELECT '{"role":"' || involvement.role || '","department":{"code":"' || department.code
        || '","name":' || to_json(department.name) || '}}'
      FROM involvement JOIN department ON department.id = involvement.department_id
      WHERE involvement.topic_id = topic.id AND involvement.until IS NULL
      ORDER BY array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], involvement.role::text), involvement.since, involvement.id
    ), ',')
    || ']}'
  FROM (
    SELECT * FROM topic
    WHERE topic.division_number >= $1 AND topic.division_number + 0 < $2 AND topic.status = ANY($3::text[])
      AND topic.listed_at IS NOT NULL
    ORDER BY topic.proposed_at DESC, topic.id DESC LIMIT $4
  ) AS topic
  JOIN platform ON platform.id = topic.platform_id
  JOIN division ON division.number = platform.division_number
  LEFT JOIN division AS above1 ON above1.number = division.parent_number
  LEFT JOIN division AS above2 ON above2.number = above1.parent_number
  LEFT JOIN division AS above3 ON above3.number = above2.parent_number
  ORDER BY topic.proposed_at DESC, topic.id DESC
), ',') || ']}}}'
