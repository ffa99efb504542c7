SELECT '{"nodes":[' || array_to_string(ARRAY(
  SELECT coalesce((
    SELECT '{"id":"' || 'division_' || t2.code
      || '","name":' || to_json(t2.name)::text || '}'
    FROM division AS t2
    WHERE t2.code = t1.division
  ), (
    SELECT '{"id":"' || 'committee_' || t3.id || '"}'
    FROM committee AS t3
    WHERE t3.id = t1.committee
  ), (
    SELECT '{"id":"' || 'liaisongroup_' || t4.id || '"}'
    FROM liaison_group AS t4
    WHERE t4.id = t1.liaisongroup
  ), (
    SELECT '{"id":"' || 'member_' || t5.id || '"}'
    FROM member AS t5
    WHERE t5.id = t1.member
  ), (
    SELECT '{"id":"' || 'brand_' || t6.id || '"}'
    FROM brand AS t6
    WHERE t6.id = t1.brand
  ), (
    SELECT '{"id":"' || 'platform_' || t7.id || '"}'
    FROM platform AS t7
    WHERE t7.id = t1.platform
  ), (
    SELECT '{"id":"' || 'topic_' || t8.id || '"}'
    FROM topic AS t8
    WHERE t8.id = t1.topic
      AND (t8.listed_at IS NOT NULL)
  ), (
    SELECT '{"id":"' || 'session_' || t9.id || '"}'
    FROM session AS t9
    WHERE t9.id = t1.session
  ), (
    SELECT '{"id":"' || 'outcome_' || t10.id || '"}'
    FROM outcome AS t10
    WHERE t10.id = t1.outcome
  ), (
    SELECT '{"id":"' || 'commitment_' || t11.id || '"}'
    FROM commitment AS t11
    WHERE t11.id = t1.commitment
  ), (
    SELECT '{"id":"' || 'department_' || t12.id
      || '","kind":"' || t12.kind || '"}'
    FROM department AS t12
    WHERE t12.id = t1.department
  ), (
    SELECT '{"id":"' || 'notice_' || t13.id || '"}'
    FROM delivery AS t13
    WHERE t13.id = t1.notice
      AND false
  ), 'null')
  FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[]) WITH ORDINALITY AS t1(division, committee, liaisongroup, member, brand, platform, topic, session, outcome, commitment, department, notice, position)
  ORDER BY t1.position
), ',') || ']}'

-- $1::text[] = {"14","99",NULL}
-- $2::uuid[] = {NULL,NULL,NULL}
-- $3::uuid[] = {NULL,NULL,NULL}
-- $4::uuid[] = {NULL,NULL,NULL}
-- $5::uuid[] = {NULL,NULL,NULL}
-- $6::uuid[] = {NULL,NULL,NULL}
-- $7::uuid[] = {NULL,NULL,NULL}
-- $8::uuid[] = {NULL,NULL,NULL}
-- $9::uuid[] = {NULL,NULL,NULL}
-- $10::uuid[] = {NULL,NULL,NULL}
-- $11::uuid[] = {NULL,NULL,"0177e95e-3000-7000-8008-e4ff72e11596"}
-- $12::uuid[] = {NULL,NULL,NULL}
