SELECT '{"data":{"topics":{"totalCount":' || (
  SELECT count(*)
  FROM topic AS t3
  WHERE (t3.division_number >= $1::bigint AND t3.division_number < $2::bigint)
    AND ((t3.kind = ANY($3::text[])) OR ((position(lower($4::text) IN lower(t3.title || ' ' || coalesce(t3.summary, ''))) > 0) AND (t3.category = ANY($5::text[]))))
    AND (t3.status = ANY($6::text[])) IS NOT TRUE
    AND (t3.listed_at IS NOT NULL)
)::text
  || ',"nodes":[' || array_to_string(ARRAY(
    SELECT '{"number":"' || t1.number || '"}'
    FROM topic AS t1
    WHERE (t1.division_number >= $1::bigint AND t1.division_number < $2::bigint)
      AND ((t1.kind = ANY($3::text[])) OR ((position(lower($4::text) IN lower(t1.title || ' ' || coalesce(t1.summary, ''))) > 0) AND (t1.category = ANY($5::text[]))))
      AND (t1.status = ANY($6::text[])) IS NOT TRUE
      AND (t1.listed_at IS NOT NULL)
    ORDER BY t1.number
    LIMIT 2
  ), ',') || ']}}}'

-- $1::bigint = 140106000000
-- $2::bigint = 140107000000
-- $3::text[] = {"KEY"}
-- $4::text = 管
-- $5::text[] = {"WATER_POWER"}
-- $6::text[] = {"WITHDRAWN","RESOLVED"}
