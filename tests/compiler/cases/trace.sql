SELECT '{"data":{"topic":' || coalesce((
  SELECT '{"trace":[' || array_to_string(ARRAY(
    SELECT '{"at":' || to_json(t2.at)::text
      || ',"act":"' || t2.act
      || '","actorRole":"' || t2.actor_role
      || '","summary":' || to_json(t2.summary)::text
      || ',"subject":' || coalesce(CASE t2.subject_kind WHEN 'committee' THEN (
        SELECT '{"id":"' || 'committee_' || t3.id || '"}'
        FROM committee AS t3
        WHERE t3.id = t2.subject_id
      ) WHEN 'liaisongroup' THEN (
        SELECT '{"id":"' || 'liaisongroup_' || t4.id || '"}'
        FROM liaison_group AS t4
        WHERE t4.id = t2.subject_id
      ) WHEN 'platform' THEN (
        SELECT '{"id":"' || 'platform_' || t5.id || '"}'
        FROM platform AS t5
        WHERE t5.id = t2.subject_id
      ) WHEN 'brand' THEN (
        SELECT '{"id":"' || 'brand_' || t6.id || '"}'
        FROM brand AS t6
        WHERE t6.id = t2.subject_id
      ) WHEN 'topic' THEN (
        SELECT '{"id":"' || 'topic_' || t7.id
          || '","number":"' || t7.number || '"}'
        FROM topic AS t7
        WHERE t7.id = t2.subject_id
          AND (t7.listed_at IS NOT NULL)
      ) WHEN 'matter' THEN (
        SELECT '{"id":"' || 'matter_' || t8.id || '"}'
        FROM matter AS t8
        WHERE t8.id = t2.subject_id
          AND (EXISTS (
            SELECT
            FROM topic AS listing
            WHERE listing.id = t8.topic_id
              AND listing.listed_at IS NOT NULL
          ))
      ) WHEN 'annualplan' THEN (
        SELECT '{"id":"' || 'annualplan_' || t9.id || '"}'
        FROM annual_plan AS t9
        WHERE t9.id = t2.subject_id
          AND (t9.status = 'APPROVED')
      ) WHEN 'department' THEN (
        SELECT '{"id":"' || 'department_' || t10.id || '"}'
        FROM department AS t10
        WHERE t10.id = t2.subject_id
      ) WHEN 'commitment' THEN (
        SELECT '{"id":"' || 'commitment_' || t11.id || '"}'
        FROM commitment AS t11
        WHERE t11.id = t2.subject_id
      ) WHEN 'outcome' THEN (
        SELECT '{"id":"' || 'outcome_' || t12.id || '"}'
        FROM outcome AS t12
        WHERE t12.id = t2.subject_id
      ) WHEN 'session' THEN (
        SELECT '{"id":"' || 'session_' || t13.id
          || '","venue":' || to_json(t13.venue)::text || '}'
        FROM session AS t13
        WHERE t13.id = t2.subject_id
      ) WHEN 'member' THEN (
        SELECT '{"id":"' || 'member_' || t14.id || '"}'
        FROM member AS t14
        WHERE t14.id = t2.subject_id
      ) WHEN 'dutyrecord' THEN (
        SELECT '{"id":"' || 'dutyrecord_' || t15.id || '"}'
        FROM duty_record AS t15
        WHERE t15.id = t2.subject_id
          AND false
      ) WHEN 'opinion' THEN (
        SELECT '{"id":"' || 'opinion_' || t16.id || '"}'
        FROM opinion AS t16
        WHERE t16.id = t2.subject_id
      ) WHEN 'conversion' THEN (
        SELECT '{"id":"' || 'conversion_' || t17.id || '"}'
        FROM conversion AS t17
        WHERE t17.id = t2.subject_id
      ) WHEN 'notice' THEN (
        SELECT '{"id":"' || 'notice_' || t18.id || '"}'
        FROM delivery AS t18
        WHERE t18.id = t2.subject_id
          AND false
      ) WHEN 'dutyscheme' THEN (
        SELECT '{"id":"' || 'dutyscheme_' || t19.id || '"}'
        FROM duty_scheme AS t19
        WHERE t19.id = t2.subject_id
      ) WHEN 'practicecenter' THEN (
        SELECT '{"id":"' || 'practicecenter_' || t20.id || '"}'
        FROM practice_center AS t20
        WHERE t20.id = t2.subject_id
      ) WHEN 'activity' THEN (
        SELECT '{"id":"' || 'activity_' || t21.id || '"}'
        FROM activity AS t21
        WHERE t21.id = t2.subject_id
      ) WHEN 'grant' THEN (
        SELECT '{"id":"' || 'grant_' || t22.id || '"}'
        FROM role_grant AS t22
        WHERE t22.id = t2.subject_id
          AND false
      ) END, 'null') || '}'
    FROM trace_entry AS t2
    WHERE t2.chain_id IN (
      SELECT id
      FROM trace_chain
      WHERE topic_id = t1.id
      UNION ALL
      SELECT chain.id
      FROM matter AS raised
      JOIN trace_chain AS chain ON chain.matter_id = raised.id
      WHERE raised.topic_id = t1.id
        AND (EXISTS (
          SELECT
          FROM topic AS listing
          WHERE listing.id = raised.topic_id
            AND listing.listed_at IS NOT NULL
        ))
    )
      AND (t2.act, t2.subject_kind) IS DISTINCT
    FROM ('matter.listed', 'topic')
      AND ((t2.subject_kind IS DISTINCT FROM 'annualplan' OR EXISTS (
        SELECT
        FROM annual_plan AS plan
        WHERE plan.id = t2.subject_id
          AND plan.status = 'APPROVED'
      )))
    ORDER BY t2.at, t2.chain_id, t2.sequence
  ), ',') || ']}'
  FROM topic AS t1
  WHERE t1.number = $1::text
    AND (t1.listed_at IS NOT NULL)
), 'null') || '}}'

-- $1::text = T140106-2021-0045
