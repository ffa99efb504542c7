SELECT '{"data":{"nodes":[' || array_to_string(ARRAY(
  SELECT coalesce(CASE WHEN t1.instant IS NULL THEN CASE t1.entity WHEN 'RoleGrant' THEN (
    SELECT '{"id":"' || 'grant_' || t26.id || '"}'
    FROM role_grant AS t26
    WHERE t26.id = t1.id
      AND false
  ) WHEN 'Division' THEN (
    SELECT '{"id":"' || 'division_' || t27.code
      || '","topics":{"totalCount":' || (
        SELECT count(*)
        FROM topic AS t30
        WHERE (t30.division_number >= t27.number AND t30.division_number < t27.upper)
          AND (t30.listed_at IS NOT NULL)
      )::text || '}}'
    FROM division AS t27
    WHERE t27.code = t1.key
  ) WHEN 'Committee' THEN (
    SELECT '{"id":"' || 'committee_' || t31.id || '"}'
    FROM committee AS t31
    WHERE t31.id = t1.id
  ) WHEN 'LiaisonGroup' THEN (
    SELECT '{"id":"' || 'liaisongroup_' || t32.id || '"}'
    FROM liaison_group AS t32
    WHERE t32.id = t1.id
  ) WHEN 'Member' THEN (
    SELECT '{"id":"' || 'member_' || t33.id || '"}'
    FROM member AS t33
    WHERE t33.id = t1.id
  ) WHEN 'Brand' THEN (
    SELECT '{"id":"' || 'brand_' || t34.id || '"}'
    FROM brand AS t34
    WHERE t34.id = t1.id
  ) WHEN 'PracticeCenter' THEN (
    SELECT '{"id":"' || 'practicecenter_' || t35.id || '"}'
    FROM practice_center AS t35
    WHERE t35.id = t1.id
  ) WHEN 'Activity' THEN (
    SELECT '{"id":"' || 'activity_' || t36.id || '"}'
    FROM activity AS t36
    WHERE t36.id = t1.id
  ) WHEN 'Platform' THEN (
    SELECT '{"id":"' || 'platform_' || t37.id || '"}'
    FROM platform AS t37
    WHERE t37.id = coalesce(t1.id, (
      SELECT named.id
      FROM platform AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Matter' THEN (
    SELECT '{"id":"' || 'matter_' || t38.id || '"}'
    FROM matter AS t38
    WHERE t38.id = t1.id
      AND (EXISTS (
        SELECT
        FROM topic AS listing
        WHERE listing.id = t38.topic_id
          AND listing.listed_at IS NOT NULL
      ))
  ) WHEN 'AnnualPlan' THEN (
    SELECT '{"id":"' || 'annualplan_' || t39.id || '"}'
    FROM annual_plan AS t39
    WHERE t39.id = t1.id
      AND (t39.status = 'APPROVED')
  ) WHEN 'Topic' THEN (
    SELECT '{"id":"' || 'topic_' || t40.id || '"}'
    FROM topic AS t40
    WHERE t40.id = coalesce(t1.id, (
      SELECT named.id
      FROM topic AS named
      WHERE named.number = t1.key
    ))
      AND (t40.listed_at IS NOT NULL)
  ) WHEN 'Session' THEN (
    SELECT '{"id":"' || 'session_' || t41.id || '"}'
    FROM session AS t41
    WHERE t41.id = t1.id
  ) WHEN 'Opinion' THEN (
    SELECT '{"id":"' || 'opinion_' || t42.id || '"}'
    FROM opinion AS t42
    WHERE t42.id = t1.id
  ) WHEN 'Outcome' THEN (
    SELECT '{"id":"' || 'outcome_' || t43.id || '"}'
    FROM outcome AS t43
    WHERE t43.id = t1.id
  ) WHEN 'Commitment' THEN (
    SELECT '{"id":"' || 'commitment_' || t44.id || '"}'
    FROM commitment AS t44
    WHERE t44.id = t1.id
  ) WHEN 'Conversion' THEN (
    SELECT '{"id":"' || 'conversion_' || t45.id || '"}'
    FROM conversion AS t45
    WHERE t45.id = t1.id
  ) WHEN 'DutyScheme' THEN (
    SELECT '{"id":"' || 'dutyscheme_' || t46.id || '"}'
    FROM duty_scheme AS t46
    WHERE t46.id = t1.id
  ) WHEN 'DutyRecord' THEN (
    SELECT '{"id":"' || 'dutyrecord_' || t47.id || '"}'
    FROM duty_record AS t47
    WHERE t47.id = t1.id
      AND false
  ) WHEN 'Department' THEN (
    SELECT '{"id":"' || 'department_' || t48.id || '"}'
    FROM department AS t48
    WHERE t48.id = coalesce(t1.id, (
      SELECT named.id
      FROM department AS named
      WHERE named.code = t1.key
    ))
  ) WHEN 'Notice' THEN (
    SELECT '{"id":"' || 'notice_' || t49.id || '"}'
    FROM delivery AS t49
    WHERE t49.id = t1.id
      AND false
  ) END ELSE (
    WITH as_of AS (
      SELECT t1.instant
    ), topic AS NOT MATERIALIZED (
      SELECT *
      FROM public.topic_as_of(t1.instant)
    ), platform AS NOT MATERIALIZED (
      SELECT *
      FROM public.platform_as_of(t1.instant)
    ), session AS NOT MATERIALIZED (
      SELECT *
      FROM public.session_as_of(t1.instant)
    ), commitment AS NOT MATERIALIZED (
      SELECT *
      FROM public.commitment_as_of(t1.instant)
    ), matter AS NOT MATERIALIZED (
      SELECT *
      FROM public.matter_as_of(t1.instant)
    ), annual_plan AS NOT MATERIALIZED (
      SELECT *
      FROM public.annual_plan_as_of(t1.instant)
    ), conversion AS NOT MATERIALIZED (
      SELECT *
      FROM public.conversion_as_of(t1.instant)
    ), outcome AS NOT MATERIALIZED (
      SELECT *
      FROM public.outcome_as_of(t1.instant)
    ), opinion AS NOT MATERIALIZED (
      SELECT *
      FROM public.opinion
      WHERE at <= t1.instant
    ), brand AS NOT MATERIALIZED (
      SELECT *
      FROM public.brand
      WHERE id < t1.following
    ), committee AS NOT MATERIALIZED (
      SELECT *
      FROM public.committee
      WHERE id < t1.following
    ), liaison_group AS NOT MATERIALIZED (
      SELECT *
      FROM public.liaison_group
      WHERE id < t1.following
    ), member AS NOT MATERIALIZED (
      SELECT *
      FROM public.member
      WHERE id < t1.following
    ), department AS NOT MATERIALIZED (
      SELECT *
      FROM public.department
      WHERE id < t1.following
    ), practice_center AS NOT MATERIALIZED (
      SELECT *
      FROM public.practice_center
      WHERE id < t1.following
    ), activity AS NOT MATERIALIZED (
      SELECT *
      FROM public.activity
      WHERE id < t1.following
    ), duty_scheme AS NOT MATERIALIZED (
      SELECT *
      FROM public.duty_scheme
      WHERE published_at <= t1.instant
    ), duty_record AS NOT MATERIALIZED (
      SELECT *
      FROM public.duty_record
      WHERE id < t1.following
    ), delivery AS NOT MATERIALIZED (
      SELECT *
      FROM public.delivery
      WHERE EXISTS (
        SELECT
        FROM public.event AS told
        WHERE told.id = event_id
          AND told.occurred_at <= t1.instant
      )
    )
    SELECT CASE t1.entity WHEN 'RoleGrant' THEN (
      SELECT '{"id":"' || 'grant_' || t2.id || t1.suffix || '"}'
      FROM role_grant AS t2
      WHERE t2.id = t1.id
        AND false
    ) WHEN 'Division' THEN (
      SELECT '{"id":"' || 'division_' || t3.code || t1.suffix
        || '","topics":{"totalCount":' || (
          SELECT count(*)
          FROM topic AS t6
          WHERE (t6.division_number >= t3.number AND t6.division_number < t3.upper)
            AND (t6.listed_at IS NOT NULL)
        )::text || '}}'
      FROM division AS t3
      WHERE t3.code = t1.key
    ) WHEN 'Committee' THEN (
      SELECT '{"id":"' || 'committee_' || t7.id || t1.suffix || '"}'
      FROM committee AS t7
      WHERE t7.id = t1.id
    ) WHEN 'LiaisonGroup' THEN (
      SELECT '{"id":"' || 'liaisongroup_' || t8.id || t1.suffix || '"}'
      FROM liaison_group AS t8
      WHERE t8.id = t1.id
    ) WHEN 'Member' THEN (
      SELECT '{"id":"' || 'member_' || t9.id || t1.suffix || '"}'
      FROM member AS t9
      WHERE t9.id = t1.id
    ) WHEN 'Brand' THEN (
      SELECT '{"id":"' || 'brand_' || t10.id || t1.suffix || '"}'
      FROM brand AS t10
      WHERE t10.id = t1.id
    ) WHEN 'PracticeCenter' THEN (
      SELECT '{"id":"' || 'practicecenter_' || t11.id || t1.suffix || '"}'
      FROM practice_center AS t11
      WHERE t11.id = t1.id
    ) WHEN 'Activity' THEN (
      SELECT '{"id":"' || 'activity_' || t12.id || t1.suffix || '"}'
      FROM activity AS t12
      WHERE t12.id = t1.id
    ) WHEN 'Platform' THEN (
      SELECT '{"id":"' || 'platform_' || t13.id || t1.suffix || '"}'
      FROM platform AS t13
      WHERE t13.id = coalesce(t1.id, (
        SELECT named.id
        FROM platform AS named
        WHERE named.code = t1.key
      ))
    ) WHEN 'Matter' THEN (
      SELECT '{"id":"' || 'matter_' || t14.id || t1.suffix || '"}'
      FROM matter AS t14
      WHERE t14.id = t1.id
        AND (EXISTS (
          SELECT
          FROM topic AS listing
          WHERE listing.id = t14.topic_id
            AND listing.listed_at IS NOT NULL
        ))
    ) WHEN 'AnnualPlan' THEN (
      SELECT '{"id":"' || 'annualplan_' || t15.id || t1.suffix || '"}'
      FROM annual_plan AS t15
      WHERE t15.id = t1.id
        AND (t15.status = 'APPROVED')
    ) WHEN 'Topic' THEN (
      SELECT '{"id":"' || 'topic_' || t16.id || t1.suffix || '"}'
      FROM topic AS t16
      WHERE t16.id = coalesce(t1.id, (
        SELECT named.id
        FROM topic AS named
        WHERE named.number = t1.key
      ))
        AND (t16.listed_at IS NOT NULL)
    ) WHEN 'Session' THEN (
      SELECT '{"id":"' || 'session_' || t17.id || t1.suffix || '"}'
      FROM session AS t17
      WHERE t17.id = t1.id
    ) WHEN 'Opinion' THEN (
      SELECT '{"id":"' || 'opinion_' || t18.id || t1.suffix || '"}'
      FROM opinion AS t18
      WHERE t18.id = t1.id
    ) WHEN 'Outcome' THEN (
      SELECT '{"id":"' || 'outcome_' || t19.id || t1.suffix || '"}'
      FROM outcome AS t19
      WHERE t19.id = t1.id
    ) WHEN 'Commitment' THEN (
      SELECT '{"id":"' || 'commitment_' || t20.id || t1.suffix || '"}'
      FROM commitment AS t20
      WHERE t20.id = t1.id
    ) WHEN 'Conversion' THEN (
      SELECT '{"id":"' || 'conversion_' || t21.id || t1.suffix || '"}'
      FROM conversion AS t21
      WHERE t21.id = t1.id
    ) WHEN 'DutyScheme' THEN (
      SELECT '{"id":"' || 'dutyscheme_' || t22.id || t1.suffix || '"}'
      FROM duty_scheme AS t22
      WHERE t22.id = t1.id
    ) WHEN 'DutyRecord' THEN (
      SELECT '{"id":"' || 'dutyrecord_' || t23.id || t1.suffix || '"}'
      FROM duty_record AS t23
      WHERE t23.id = t1.id
        AND false
    ) WHEN 'Department' THEN (
      SELECT '{"id":"' || 'department_' || t24.id || t1.suffix || '"}'
      FROM department AS t24
      WHERE t24.id = coalesce(t1.id, (
        SELECT named.id
        FROM department AS named
        WHERE named.code = t1.key
      ))
    ) WHEN 'Notice' THEN (
      SELECT '{"id":"' || 'notice_' || t25.id || t1.suffix || '"}'
      FROM delivery AS t25
      WHERE t25.id = t1.id
        AND false
    ) END
  ) END, 'null')
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::date[], $7::text[]) WITH ORDINALITY AS t1(entity, id, key, instant, following, day, suffix, position)
  ORDER BY t1.position
), ',') || ']}}'

-- $1::text[] = {"Division","Division"}
-- $2::uuid[] = {NULL,NULL}
-- $3::text[] = {"140106","140106"}
-- $4::timestamptz[] = {NULL,"2021-04-09T16:00:00+00:00"}
-- $5::uuid[] = {NULL,"0178b75c-9001-0000-0000-000000000000"}
-- $6::date[] = {NULL,"2021-04-10"}
-- $7::text[] = {NULL,"@2021-04-09T16:00:00Z"}
