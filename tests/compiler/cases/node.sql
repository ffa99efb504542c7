SELECT '{"data":{"node":' || (
  SELECT coalesce(CASE t1.entity WHEN 'RoleGrant' THEN (
    SELECT '{"__typename":"RoleGrant","id":"' || 'grant_' || t2.id || '"}'
    FROM role_grant AS t2
    WHERE t2.id = t1.id
      AND false
  ) WHEN 'Division' THEN (
    SELECT '{"__typename":"Division","id":"' || 'division_' || t3.code
      || '","name":' || to_json(t3.name)::text || '}'
    FROM division AS t3
    WHERE t3.code = t1.key
  ) WHEN 'Committee' THEN (
    SELECT '{"__typename":"Committee","id":"' || 'committee_' || t4.id || '"}'
    FROM committee AS t4
    WHERE t4.id = t1.id
  ) WHEN 'LiaisonGroup' THEN (
    SELECT '{"__typename":"LiaisonGroup","id":"' || 'liaisongroup_' || t5.id || '"}'
    FROM liaison_group AS t5
    WHERE t5.id = t1.id
  ) WHEN 'Member' THEN (
    SELECT '{"__typename":"Member","id":"' || 'member_' || t6.id || '"}'
    FROM member AS t6
    WHERE t6.id = t1.id
  ) WHEN 'Brand' THEN (
    SELECT '{"__typename":"Brand","id":"' || 'brand_' || t7.id || '"}'
    FROM brand AS t7
    WHERE t7.id = t1.id
  ) WHEN 'PracticeCenter' THEN (
    SELECT '{"__typename":"PracticeCenter","id":"' || 'practicecenter_' || t8.id || '"}'
    FROM practice_center AS t8
    WHERE t8.id = t1.id
  ) WHEN 'Activity' THEN (
    SELECT '{"__typename":"Activity","id":"' || 'activity_' || t9.id || '"}'
    FROM activity AS t9
    WHERE t9.id = t1.id
  ) WHEN 'Platform' THEN (
    SELECT '{"__typename":"Platform","id":"' || 'platform_' || t10.id
      || '","code":"' || t10.code || '"}'
    FROM platform AS t10
    WHERE t10.id = coalesce(t1.id, (
      SELECT named.id
      FROM platform AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Matter' THEN (
    SELECT '{"__typename":"Matter","id":"' || 'matter_' || t11.id || '"}'
    FROM matter AS t11
    WHERE t11.id = t1.id
      AND (EXISTS (
        SELECT
        FROM topic AS listing
        WHERE listing.id = t11.topic_id
          AND listing.listed_at IS NOT NULL
      ))
  ) WHEN 'AnnualPlan' THEN (
    SELECT '{"__typename":"AnnualPlan","id":"' || 'annualplan_' || t12.id || '"}'
    FROM annual_plan AS t12
    WHERE t12.id = t1.id
      AND (t12.status = 'APPROVED')
  ) WHEN 'Topic' THEN (
    SELECT '{"__typename":"Topic","id":"' || 'topic_' || t13.id || '"}'
    FROM topic AS t13
    WHERE t13.id = coalesce(t1.id, (
      SELECT named.id
      FROM topic AS named
      WHERE named.number = t1.key
    ))
      AND (t13.listed_at IS NOT NULL)
  ) WHEN 'Session' THEN (
    SELECT '{"__typename":"Session","id":"' || 'session_' || t14.id || '"}'
    FROM session AS t14
    WHERE t14.id = t1.id
  ) WHEN 'Opinion' THEN (
    SELECT '{"__typename":"Opinion","id":"' || 'opinion_' || t15.id || '"}'
    FROM opinion AS t15
    WHERE t15.id = t1.id
  ) WHEN 'Outcome' THEN (
    SELECT '{"__typename":"Outcome","id":"' || 'outcome_' || t16.id || '"}'
    FROM outcome AS t16
    WHERE t16.id = t1.id
  ) WHEN 'Commitment' THEN (
    SELECT '{"__typename":"Commitment","id":"' || 'commitment_' || t17.id || '"}'
    FROM commitment AS t17
    WHERE t17.id = t1.id
  ) WHEN 'Conversion' THEN (
    SELECT '{"__typename":"Conversion","id":"' || 'conversion_' || t18.id || '"}'
    FROM conversion AS t18
    WHERE t18.id = t1.id
  ) WHEN 'DutyScheme' THEN (
    SELECT '{"__typename":"DutyScheme","id":"' || 'dutyscheme_' || t19.id || '"}'
    FROM duty_scheme AS t19
    WHERE t19.id = t1.id
  ) WHEN 'DutyRecord' THEN (
    SELECT '{"__typename":"DutyRecord","id":"' || 'dutyrecord_' || t20.id || '"}'
    FROM duty_record AS t20
    WHERE t20.id = t1.id
      AND false
  ) WHEN 'Department' THEN (
    SELECT '{"__typename":"Department","id":"' || 'department_' || t21.id || '"}'
    FROM department AS t21
    WHERE t21.id = coalesce(t1.id, (
      SELECT named.id
      FROM department AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Notice' THEN (
    SELECT '{"__typename":"Notice","id":"' || 'notice_' || t22.id || '"}'
    FROM delivery AS t22
    WHERE t22.id = t1.id
      AND false
  ) END, 'null')
  FROM unnest($1::text[], $2::uuid[], $3::text[]) WITH ORDINALITY AS t1(entity, id, key, position)
  ORDER BY t1.position
) || '}}'

-- $1::text[] = {"Division"}
-- $2::uuid[] = {NULL}
-- $3::text[] = {"140521"}
