SELECT '{"node":' || coalesce((
  SELECT '{"__typename":"Division","id":"' || 'division_' || t1.code
    || '","name":' || to_json(t1.name)::text || '}'
  FROM division AS t1
  WHERE t1.code = $1::text
), (
  SELECT '{"__typename":"Committee","id":"' || 'committee_' || t2.id || '"}'
  FROM committee AS t2
  WHERE t2.id = $2::uuid
), (
  SELECT '{"__typename":"LiaisonGroup","id":"' || 'liaisongroup_' || t3.id || '"}'
  FROM liaison_group AS t3
  WHERE t3.id = $3::uuid
), (
  SELECT '{"__typename":"Member","id":"' || 'member_' || t4.id || '"}'
  FROM member AS t4
  WHERE t4.id = $4::uuid
), (
  SELECT '{"__typename":"Brand","id":"' || 'brand_' || t5.id || '"}'
  FROM brand AS t5
  WHERE t5.id = $5::uuid
), (
  SELECT '{"__typename":"Platform","id":"' || 'platform_' || t6.id
    || '","code":"' || t6.code || '"}'
  FROM platform AS t6
  WHERE t6.id = $6::uuid
), (
  SELECT '{"__typename":"Topic","id":"' || 'topic_' || t7.id || '"}'
  FROM topic AS t7
  WHERE t7.id = $7::uuid
    AND (t7.listed_at IS NOT NULL)
), (
  SELECT '{"__typename":"Session","id":"' || 'session_' || t8.id || '"}'
  FROM session AS t8
  WHERE t8.id = $8::uuid
), (
  SELECT '{"__typename":"Outcome","id":"' || 'outcome_' || t9.id || '"}'
  FROM outcome AS t9
  WHERE t9.id = $9::uuid
), (
  SELECT '{"__typename":"Commitment","id":"' || 'commitment_' || t10.id || '"}'
  FROM commitment AS t10
  WHERE t10.id = $10::uuid
), (
  SELECT '{"__typename":"Department","id":"' || 'department_' || t11.id || '"}'
  FROM department AS t11
  WHERE t11.id = $11::uuid
), (
  SELECT '{"__typename":"Notice","id":"' || 'notice_' || t12.id || '"}'
  FROM delivery AS t12
  WHERE t12.id = $12::uuid
    AND false
), 'null') || '}'

-- $1::text = 140521
-- $2::uuid = NULL
-- $3::uuid = NULL
-- $4::uuid = NULL
-- $5::uuid = NULL
-- $6::uuid = NULL
-- $7::uuid = NULL
-- $8::uuid = NULL
-- $9::uuid = NULL
-- $10::uuid = NULL
-- $11::uuid = NULL
-- $12::uuid = NULL
