WITH known AS MATERIALIZED (
  SELECT EXISTS (
    SELECT
    FROM division AS t8
    WHERE t8.number = $3::bigint
  ) AS k1
)
SELECT '{"data":{"search":' || CASE WHEN NOT (
  SELECT known.k1
  FROM known
) THEN '{"$refused":0}' ELSE (
  SELECT '{"totalCount":' || (
    SELECT count(*)
    FROM search_document AS t3
    WHERE t3.terms @@ $1::text::tsquery
      AND t3.kind = ANY($2::text[])
      AND (t3.division_number >= $3::bigint AND t3.division_number < $4::bigint)
      AND (t3.kind NOT IN ('TOPIC', 'MATTER') OR (t3.kind = 'TOPIC' AND (
        SELECT seen.listed_at IS NOT NULL
        FROM topic AS seen
        WHERE seen.id = t3.id
      )) OR (t3.kind = 'MATTER' AND (
        SELECT EXISTS (
          SELECT
          FROM topic AS listing
          WHERE listing.id = seen.topic_id
            AND listing.listed_at IS NOT NULL
        )
        FROM matter AS seen
        WHERE seen.id = t3.id
      )))
  )::text
    || ',"pageInfo":{"hasNextPage":' || (t2.found > 3)::text
    || ',"endCursor":' || coalesce('"' || (t2.c1[1:3])[least(3, t2.found)] || '"', 'null')
    || '},"edges":[' || coalesce(array_to_string(t2.c2[1:3], ','), '') || ']}'
  FROM (
    SELECT array_agg(c0) AS c0, array_agg(c1) AS c1, array_agg(c2) AS c2, count(*)::int AS found
    FROM (
      SELECT '' AS c0, (
        SELECT translate(encode(substr(sha256($5::bytea || sha256($5::bytea || payload)), 1, 12) || payload, 'base64'), E'+/=\n', '-_')
        FROM (
          SELECT convert_to(json_build_array('Search,rank-,key-', ts_rank_cd(ARRAY[0.05, 0.1, 0.4, 1]::real[], t1.terms, $1::text::tsquery), t1.id)::text, 'UTF8') AS payload OFFSET 0
        ) AS opened
      ) AS c1, '{"snippet":' || coalesce(to_json((
        SELECT CASE WHEN left(whole, length(part)) <> part THEN '…' ELSE '' END || replace(replace(replace(replace(replace(replace(replace(regexp_replace(translate(part, E'\x01\x02', ''), $6::text, E'\x01\\&\x02', 'g'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'), E'\x01', '<mark>'), E'\x02', '</mark>') || CASE WHEN right(whole, length(part)) <> part THEN '…' ELSE '' END
        FROM (
          SELECT whole, substring(whole FROM $7::text) AS part
          FROM (
            SELECT CASE WHEN t1.text ~ $6::text THEN t1.text ELSE t1.title END AS whole
          ) AS chosen
        ) AS cut
      ))::text, 'null')
        || ',"node":' || coalesce(CASE lower(t1.kind) WHEN 'topic' THEN (
          SELECT '{"__typename":"Topic","number":"' || t4.number
            || '","title":' || to_json(t4.title)::text || '}'
          FROM topic AS t4
          WHERE t4.id = t1.id
            AND (t4.listed_at IS NOT NULL)
        ) WHEN 'matter' THEN (
          SELECT '{"__typename":"Matter"}'::text
          FROM matter AS t5
          WHERE t5.id = t1.id
            AND (EXISTS (
              SELECT
              FROM topic AS listing
              WHERE listing.id = t5.topic_id
                AND listing.listed_at IS NOT NULL
            ))
        ) WHEN 'outcome' THEN (
          SELECT '{"__typename":"Outcome","agreement":' || to_json(t6.agreement)::text || '}'
          FROM outcome AS t6
          WHERE t6.id = t1.id
        ) WHEN 'platform' THEN (
          SELECT '{"__typename":"Platform"}'::text
          FROM platform AS t7
          WHERE t7.id = t1.id
        ) END, 'null') || '}' AS c2
      FROM search_document AS t1
      WHERE t1.terms @@ $1::text::tsquery
        AND t1.kind = ANY($2::text[])
        AND (t1.division_number >= $3::bigint AND t1.division_number < $4::bigint)
        AND (t1.kind NOT IN ('TOPIC', 'MATTER') OR (t1.kind = 'TOPIC' AND (
          SELECT seen.listed_at IS NOT NULL
          FROM topic AS seen
          WHERE seen.id = t1.id
        )) OR (t1.kind = 'MATTER' AND (
          SELECT EXISTS (
            SELECT
            FROM topic AS listing
            WHERE listing.id = seen.topic_id
              AND listing.listed_at IS NOT NULL
          )
          FROM matter AS seen
          WHERE seen.id = t1.id
        )))
      ORDER BY ts_rank_cd(ARRAY[0.05, 0.1, 0.4, 1]::real[], t1.terms, $1::text::tsquery) DESC, t1.id DESC
      LIMIT 3 + 1
    ) AS t2
  ) AS t2
)::text END || '}}'

-- $1::text::tsquery = '停车' & '学校'
-- $2::text[] = {"TOPIC","OUTCOME"}
-- $3::bigint = 140106000000
-- $4::bigint = 140107000000
-- $5::bytea = \x61206b6579206f6620746865207465737473
-- $6::text = (?:停[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]*[⾞車车車]|[㊫学學][\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]*校)
-- $7::text = .{0,15}(?:停[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]*[⾞車车車]|[㊫学學][\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]*校).{0,45}
