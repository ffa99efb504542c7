SELECT '{"data":{"node":' || (
  SELECT coalesce(CASE t1.entity WHEN 'Division' THEN (
    SELECT '{"__typename":"Division","id":"' || 'division_' || t2.code
      || '","name":' || to_json(t2.name)::text || '}'
    FROM division AS t2
    WHERE t2.code = t1.key
  ) WHEN 'Committee' THEN (
    SELECT '{"__typename":"Committee","id":"' || 'committee_' || t3.id || '"}'
    FROM committee AS t3
    WHERE t3.id = t1.id
  ) WHEN 'LiaisonGroup' THEN (
    SELECT '{"__typename":"LiaisonGroup","id":"' || 'liaisongroup_' || t4.id || '"}'
    FROM liaison_group AS t4
    WHERE t4.id = t1.id
  ) WHEN 'Member' THEN (
    SELECT '{"__typename":"Member","id":"' || 'member_' || t5.id || '"}'
    FROM member AS t5
    WHERE t5.id = t1.id
  ) WHEN 'Brand' THEN (
    SELECT '{"__typename":"Brand","id":"' || 'brand_' || t6.id || '"}'
    FROM brand AS t6
    WHERE t6.id = t1.id
  ) WHEN 'Platform' THEN (
    SELECT '{"__typename":"Platform","id":"' || 'platform_' || t7.id
      || '","code":"' || t7.code || '"}'
    FROM platform AS t7
    WHERE t7.id = coalesce(t1.id, (
      SELECT named.id
      FROM platform AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Topic' THEN (
    SELECT '{"__typename":"Topic","id":"' || 'topic_' || t8.id || '"}'
    FROM topic AS t8
    WHERE t8.id = coalesce(t1.id, (
      SELECT named.id
      FROM topic AS named
      WHERE named.number = t1.key
    ))
      AND (t8.listed_at IS NOT NULL)
  ) WHEN 'Session' THEN (
    SELECT '{"__typename":"Session","id":"' || 'session_' || t9.id || '"}'
    FROM session AS t9
    WHERE t9.id = t1.id
  ) WHEN 'Opinion' THEN (
    SELECT '{"__typename":"Opinion","id":"' || 'opinion_' || t10.id || '"}'
    FROM opinion AS t10
    WHERE t10.id = t1.id
  ) WHEN 'Outcome' THEN (
    SELECT '{"__typename":"Outcome","id":"' || 'outcome_' || t11.id || '"}'
    FROM outcome AS t11
    WHERE t11.id = t1.id
  ) WHEN 'Commitment' THEN (
    SELECT '{"__typename":"Commitment","id":"' || 'commitment_' || t12.id || '"}'
    FROM commitment AS t12
    WHERE t12.id = t1.id
  ) WHEN 'Conversion' THEN (
    SELECT '{"__typename":"Conversion","id":"' || 'conversion_' || t13.id || '"}'
    FROM conversion AS t13
    WHERE t13.id = t1.id
  ) WHEN 'Department' THEN (
    SELECT '{"__typename":"Department","id":"' || 'department_' || t14.id || '"}'
    FROM department AS t14
    WHERE t14.id = coalesce(t1.id, (
      SELECT named.id
      FROM department AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Notice' THEN (
    SELECT '{"__typename":"Notice","id":"' || 'notice_' || t15.id || '"}'
    FROM delivery AS t15
    WHERE t15.id = t1.id
      AND false
  ) END, 'null')
  FROM unnest($1::text[], $2::uuid[], $3::text[]) WITH ORDINALITY AS t1(entity, id, key, position)
  ORDER BY t1.position
) || '}}'

-- $1::text[] = {"Division"}
-- $2::uuid[] = {NULL}
-- $3::text[] = {"140521"}
