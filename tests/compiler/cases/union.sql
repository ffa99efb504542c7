SELECT '{"data":{"topic":' || coalesce((
  SELECT '{"followUps":[' || array_to_string(ARRAY(
    SELECT '{"score":' || (t2.score)::text || '}'
    FROM follow_up AS t2
    WHERE t2.topic_id = t1.id
    ORDER BY t2.at, t2.id
  ), ',')
    || '],"confirmedFixedAt":' || coalesce(to_json((
      SELECT CASE WHEN said.confirms_fix THEN said.at END
      FROM follow_up AS said
      WHERE said.topic_id = t1.id
        AND said.role IN ('RESIDENT', 'STAKEHOLDER')
        AND said.recorded_by IS NULL
      ORDER BY said.at DESC, said.id DESC
      LIMIT 1
    ))::text, 'null')
    || ',"outcomes":[' || array_to_string(ARRAY(
      SELECT '{"conversions":[' || array_to_string(ARRAY(
        SELECT '{"kind":"' || t4.kind
          || '","source":' || coalesce(CASE CASE WHEN t4.outcome_id IS NULL THEN 'opinion' ELSE 'outcome' END WHEN 'outcome' THEN (
            SELECT '{"__typename":"Outcome","agreement":' || to_json(t5.agreement)::text || '}'
            FROM outcome AS t5
            WHERE t5.id = coalesce(t4.outcome_id, t4.opinion_id)
          ) WHEN 'opinion' THEN (
            SELECT '{"__typename":"Opinion","role":"' || t6.role || '"}'
            FROM opinion AS t6
            WHERE t6.id = coalesce(t4.outcome_id, t4.opinion_id)
          ) END, 'null') || '}'
        FROM conversion AS t4
        WHERE t4.outcome_id = t3.id
        ORDER BY t4.submitted_on, t4.id
      ), ',') || ']}'
      FROM outcome AS t3
      WHERE t3.topic_id = t1.id
      ORDER BY t3.reached_on, t3.id
    ), ',') || ']}'
  FROM topic AS t1
  WHERE t1.number = $1::text
    AND (t1.listed_at IS NOT NULL)
), 'null') || '}}'

-- $1::text = T140106-2022-0018
