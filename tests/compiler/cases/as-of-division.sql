SELECT '{"data":{"division":' || (
  WITH as_of AS (
    SELECT $3::timestamptz
  ), topic AS NOT MATERIALIZED (
    SELECT *
    FROM public.topic_as_of($3::timestamptz)
  ), platform AS NOT MATERIALIZED (
    SELECT *
    FROM public.platform_as_of($3::timestamptz)
  ), involvement AS NOT MATERIALIZED (
    SELECT id, topic_id, department_id, role, since, CASE WHEN until <= $3::timestamptz THEN until END AS until
    FROM public.involvement
    WHERE since <= $3::timestamptz
  ), department AS NOT MATERIALIZED (
    SELECT *
    FROM public.department
    WHERE id < $4::uuid
  )
  SELECT coalesce((
    SELECT '{"name":' || to_json(t1.name)::text
      || ',"topics":{"totalCount":' || (
        SELECT count(*)
        FROM topic AS t4
        WHERE (t4.division_number >= t1.number AND t4.division_number < t1.upper)
          AND t4.status = ANY($2::text[])
          AND (t4.listed_at IS NOT NULL)
      )::text
      || ',"nodes":[' || array_to_string(ARRAY(
        SELECT '{"number":"' || t2.number
          || '","status":"' || t2.status
          || '","involvements":[' || array_to_string(ARRAY(
            SELECT '{"role":"' || t5.role
              || '","department":{"name":' || to_json(t6.name)::text || '}}'
            FROM involvement AS t5
            JOIN department AS t6 ON t6.id = t5.department_id
            WHERE t5.topic_id = t2.id
              AND t5.until IS NULL
            ORDER BY array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], t5.role::text), t5.since, t5.id
          ), ',')
          || '],"platform":{"name":' || to_json(t7.name)::text || '}}'
        FROM ((
          SELECT t8.*, t8.number AS order_0
          FROM topic AS t8
          WHERE t1.upper - t1.number < 100000000
            AND (t8.division_number >= t1.number AND t8.division_number < t1.upper)
            AND t8.status = ANY($2::text[])
            AND (t8.listed_at IS NOT NULL)
          ORDER BY t8.number
          LIMIT 2
        ) UNION ALL (
          SELECT t9.*, t9.number AS order_0
          FROM topic AS t9
          WHERE t1.upper - t1.number >= 100000000
            AND (t9.division_number >= t1.number AND t9.division_number + 0 < t1.upper)
            AND t9.status = ANY($2::text[])
            AND (t9.listed_at IS NOT NULL)
          ORDER BY t9.number
          LIMIT 2
        )) AS t2
        JOIN platform AS t7 ON t7.id = t2.platform_id
        ORDER BY t2.order_0
      ), ',') || ']}}'
    FROM division AS t1
    WHERE t1.code = $1::text
  ), 'null')::text
) || '}}'

-- $1::text = 140106
-- $2::text[] = {"LISTED"}
-- $3::timestamptz = 2022-06-30T00:00:00+08:00
-- $4::uuid = 0181b030-d801-0000-0000-000000000000
