WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t5
    WHERE t5.number = $2::bigint
  ) AS k1
)
SELECT '{"data":{"topics":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE '{"nodes":[' || array_to_string(ARRAY(
  SELECT '{"involvements":[' || array_to_string(ARRAY(
    SELECT '{"receipt":' || CASE WHEN t4.id IS NULL THEN 'null' ELSE '{"status":"' || t4.receipt
      || '","note":' || coalesce(to_json(CASE WHEN ((
        SELECT told.division_number
        FROM event AS told
        WHERE told.id = t4.event_id
      ) <@ $1::text::int8multirange) THEN t4.receipt_note END)::text, 'null')
      || ',"evidenceUrl":' || coalesce(to_json(CASE WHEN ((
        SELECT told.division_number
        FROM event AS told
        WHERE told.id = t4.event_id
      ) <@ $1::text::int8multirange) THEN t4.receipt_evidence_url END)::text, 'null') || '}' END || '}'
    FROM involvement AS t3
    LEFT JOIN LATERAL (
      SELECT answered.*
      FROM delivery AS answered
      JOIN lane ON lane.id = answered.lane_id
      WHERE lane.topic_id = t3.topic_id
        AND lane.department_id = t3.department_id
        AND answered.receipt IS NOT NULL
      ORDER BY answered.receipt_at DESC, answered.sequence DESC
      LIMIT 1
    ) AS t4 ON true
    WHERE t3.topic_id = t1.id
      AND t3.until IS NULL
    ORDER BY array_position(ARRAY['LEAD', 'SUPPORT', 'INFORMED'], t3.role::text), t3.since, t3.id
  ), ',') || ']}'
  FROM topic AS t1
  WHERE (t1.division_number >= $2::bigint AND t1.division_number < $3::bigint)
    AND t1.status = ANY($4::text[])
    AND (t1.listed_at IS NOT NULL OR t1.division_number <@ $5::text::int8multirange OR t1.subject = $6::text)
  ORDER BY t1.number
  LIMIT 1
), ',') || ']}' END || '}}'

-- $1::text::int8multirange = {[140521000000,140522000000)}
-- $2::bigint = 140521000000
-- $3::bigint = 140522000000
-- $4::text[] = {"IMPLEMENTING"}
-- $5::text::int8multirange = {[140521000000,140522000000)}
-- $6::text = somebody
