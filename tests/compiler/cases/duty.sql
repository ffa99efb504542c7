SELECT '{"data":{"division":' || coalesce((
  SELECT '{"committee":' || CASE WHEN t2.id IS NULL THEN 'null' ELSE '{"members":{"nodes":[' || array_to_string(ARRAY(
    SELECT '{"name":' || to_json(t3.name)::text
      || ',"dutyAssessment":' || coalesce((
        SELECT '{"scheme":' || to_json(t6.name)::text
          || ',"points":' || (t5.points::float8)::text
          || ',"grade":' || coalesce(to_json(t5.grade)::text, 'null')
          || ',"records":[' || array_to_string(ARRAY(
            SELECT '{"on":"' || t7.acted_on
              || '","points":' || (t7.points::float8)::text
              || ',"rule":' || to_json(t8.name || ' v' || t8.version || ': ' || t7.act)::text
              || ',"source":' || coalesce(CASE CASE t7.act WHEN 'ATTENDED' THEN 'session' WHEN 'OPINION' THEN 'opinion' WHEN 'ACTIVITY' THEN 'activity' ELSE 'conversion' END WHEN 'committee' THEN (
                SELECT '{"id":"' || 'committee_' || t10.id || '"}'
                FROM committee AS t10
                WHERE t10.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'liaisongroup' THEN (
                SELECT '{"id":"' || 'liaisongroup_' || t11.id || '"}'
                FROM liaison_group AS t11
                WHERE t11.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'platform' THEN (
                SELECT '{"id":"' || 'platform_' || t12.id || '"}'
                FROM platform AS t12
                WHERE t12.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'brand' THEN (
                SELECT '{"id":"' || 'brand_' || t13.id || '"}'
                FROM brand AS t13
                WHERE t13.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'topic' THEN (
                SELECT '{"id":"' || 'topic_' || t14.id || '"}'
                FROM topic AS t14
                WHERE t14.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (t14.listed_at IS NOT NULL OR t14.division_number <@ $3::text::int8multirange OR t14.subject = $4::text)
              ) WHEN 'matter' THEN (
                SELECT '{"id":"' || 'matter_' || t15.id || '"}'
                FROM matter AS t15
                WHERE t15.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (EXISTS (
                    SELECT
                    FROM topic AS listing
                    WHERE listing.id = t15.topic_id
                      AND listing.listed_at IS NOT NULL
                  ) OR t15.division_number <@ $3::text::int8multirange OR t15.subject = $4::text)
              ) WHEN 'annualplan' THEN (
                SELECT '{"id":"' || 'annualplan_' || t16.id || '"}'
                FROM annual_plan AS t16
                WHERE t16.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (t16.status = 'APPROVED' OR t16.division_number <@ $3::text::int8multirange)
              ) WHEN 'department' THEN (
                SELECT '{"id":"' || 'department_' || t17.id || '"}'
                FROM department AS t17
                WHERE t17.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'commitment' THEN (
                SELECT '{"id":"' || 'commitment_' || t18.id || '"}'
                FROM commitment AS t18
                WHERE t18.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'outcome' THEN (
                SELECT '{"id":"' || 'outcome_' || t19.id || '"}'
                FROM outcome AS t19
                WHERE t19.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'session' THEN (
                SELECT '{"id":"' || 'session_' || t20.id
                  || '","status":"' || t20.status || '"}'
                FROM session AS t20
                WHERE t20.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'member' THEN (
                SELECT '{"id":"' || 'member_' || t21.id || '"}'
                FROM member AS t21
                WHERE t21.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'dutyrecord' THEN (
                SELECT '{"id":"' || 'dutyrecord_' || t22.id || '"}'
                FROM duty_record AS t22
                WHERE t22.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (t22.division_number <@ $3::text::int8multirange)
              ) WHEN 'opinion' THEN (
                SELECT '{"id":"' || 'opinion_' || t23.id || '"}'
                FROM opinion AS t23
                WHERE t23.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'conversion' THEN (
                SELECT '{"id":"' || 'conversion_' || t24.id || '"}'
                FROM conversion AS t24
                WHERE t24.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'notice' THEN (
                SELECT '{"id":"' || 'notice_' || t25.id || '"}'
                FROM delivery AS t25
                JOIN event AS t26 ON t26.id = t25.event_id
                WHERE t25.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (t26.division_number <@ $5::text::int8multirange)
              ) WHEN 'dutyscheme' THEN (
                SELECT '{"id":"' || 'dutyscheme_' || t27.id || '"}'
                FROM duty_scheme AS t27
                WHERE t27.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'practicecenter' THEN (
                SELECT '{"id":"' || 'practicecenter_' || t28.id || '"}'
                FROM practice_center AS t28
                WHERE t28.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'activity' THEN (
                SELECT '{"id":"' || 'activity_' || t29.id || '"}'
                FROM activity AS t29
                WHERE t29.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
              ) WHEN 'grant' THEN (
                SELECT '{"id":"' || 'grant_' || t30.id || '"}'
                FROM role_grant AS t30
                WHERE t30.id = coalesce(t7.session_id, t7.opinion_id, t7.conversion_id, t7.activity_id)
                  AND (t30.division_number <@ $5::text::int8multirange)
              ) END, 'null') || '}'
            FROM duty_record AS t7
            JOIN duty_assessment AS t9 ON t9.id = t7.assessment_id
            JOIN duty_scheme AS t8 ON t8.id = t9.scheme_id
            WHERE t7.assessment_id = t5.id
              AND (t7.division_number <@ $3::text::int8multirange)
            ORDER BY t7.acted_on, t7.id
          ), ',') || ']}'
        FROM duty_assessment AS t5
        JOIN duty_scheme AS t6 ON t6.id = t5.scheme_id
        WHERE t5.member_id = t3.id
          AND t5.superseded_at IS NULL
          AND t5.year = $2::int
          AND (t5.division_number <@ $3::text::int8multirange)
      ), 'null')
      || ',"dutyRecords":{"totalCount":' || (
        SELECT count(*)
        FROM duty_record AS t33
        JOIN duty_assessment AS t34 ON t34.id = t33.assessment_id
        WHERE t33.member_id = t3.id
          AND t34.superseded_at IS NULL
          AND t34.year = $2::int
          AND (t33.division_number <@ $3::text::int8multirange)
      )::text || '}}'
    FROM member AS t3
    WHERE t3.committee_id = t2.id
    ORDER BY t3.name, t3.id
    LIMIT 2
  ), ',') || ']}}' END || '}'
  FROM division AS t1
  LEFT JOIN committee AS t2 ON t2.division_number = t1.number
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140521
-- $2::int = 2023
-- $3::text::int8multirange = {[140521000000,140522000000)}
-- $4::text = somebody
-- $5::text::int8multirange = {[140521000000,140522000000)}
