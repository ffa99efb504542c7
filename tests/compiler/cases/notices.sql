SELECT '{"data":{"department":' || coalesce((
  SELECT '{"name":' || to_json(t1.name)::text
    || ',"notices":{"nodes":[' || array_to_string(ARRAY(
      SELECT '{"type":' || to_json(t4.type)::text
        || ',"sequence":' || (t2.sequence)::text
        || ',"topic":' || CASE WHEN t5.id IS NULL THEN 'null' ELSE '{"number":"' || t5.number || '"}' END || '}'
      FROM (
        SELECT t6.*, t7.occurred_at AS order_0, t6.id AS order_1
        FROM delivery AS t6
        JOIN event AS t7 ON t7.id = t6.event_id
        WHERE t6.department_id = t1.id
          AND t6.status = ANY($4::text[])
          AND (EXISTS (
            SELECT
            FROM department AS own
            WHERE own.id = t6.department_id
              AND own.code = ANY($2::text[])
          ))
        ORDER BY t7.occurred_at DESC, t6.id DESC
        LIMIT 2
      ) AS t2
      JOIN event AS t4 ON t4.id = t2.event_id
      LEFT JOIN topic AS t5 ON t5.id = t4.topic_id
        AND (t5.listed_at IS NOT NULL OR EXISTS (
          SELECT
          FROM involvement AS part
          JOIN department AS own ON own.id = part.department_id
          WHERE part.topic_id = t5.id
            AND part.until IS NULL
            AND own.code = ANY($2::text[])
        ) OR t5.subject = $3::text)
      ORDER BY t2.order_0 DESC, t2.order_1 DESC
    ), ',')
    || ']},"channel":{"pending":' || coalesce(((CASE WHEN (t9.code = ANY($2::text[])) THEN (
      SELECT count(*)
      FROM lane
      JOIN delivery AS own ON own.lane_id = lane.id
      JOIN event ON event.id = own.event_id
      WHERE lane.department_id = t8.department_id
        AND own.status = 'PENDING'
    ) END))::text, 'null')
    || ',"lastError":' || coalesce(to_json(CASE WHEN (t9.code = ANY($2::text[])) THEN t8.last_error END)::text, 'null') || '}}'
  FROM department AS t1
  JOIN department_channel AS t8 ON t8.department_id = t1.id
  JOIN department AS t9 ON t9.id = t8.department_id
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = qinshui-court
-- $2::text[] = {"qinshui-court"}
-- $3::text = somebody
-- $4::text[] = {"PENDING"}
