SELECT '{"data":{"topic":' || coalesce((
  SELECT '{"matters":[' || array_to_string(ARRAY(
    SELECT '{"title":' || to_json(t2.title)::text
      || ',"raisedBy":"' || t2.raised_by
      || '","trace":[' || array_to_string(ARRAY(
        SELECT '{"act":"' || t3.act || '"}'
        FROM trace_entry AS t3
        WHERE t3.chain_id IN (
          SELECT id
          FROM trace_chain
          WHERE matter_id = t2.id
        )
          AND ((t3.subject_kind IS DISTINCT FROM 'annualplan' OR EXISTS (
            SELECT
            FROM annual_plan AS plan
            WHERE plan.id = t3.subject_id
              AND plan.status = 'APPROVED'
          )))
        ORDER BY t3.sequence
      ), ',') || ']}'
    FROM matter AS t2
    WHERE t2.topic_id = t1.id
      AND (EXISTS (
        SELECT
        FROM topic AS listing
        WHERE listing.id = t2.topic_id
          AND listing.listed_at IS NOT NULL
      ))
    ORDER BY t2.raised_at, t2.id
  ), ',')
    || '],"trace":[' || array_to_string(ARRAY(
      SELECT '{"at":' || to_json(t4.at)::text
        || ',"act":"' || t4.act
        || '","summary":' || to_json(t4.summary)::text || '}'
      FROM trace_entry AS t4
      WHERE t4.chain_id IN (
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
        AND (t4.act, t4.subject_kind) IS DISTINCT
      FROM ('matter.listed', 'topic')
        AND ((t4.subject_kind IS DISTINCT FROM 'annualplan' OR EXISTS (
          SELECT
          FROM annual_plan AS plan
          WHERE plan.id = t4.subject_id
            AND plan.status = 'APPROVED'
        )))
      ORDER BY t4.at, t4.chain_id, t4.sequence
    ), ',') || ']}'
  FROM topic AS t1
  WHERE t1.number = $1::text
    AND (t1.listed_at IS NOT NULL)
), 'null') || '}}'

-- $1::text = T140106-2021-0045
