SELECT '{"data":{"division":' || coalesce((
  SELECT '{"statistics":{"conversions":[' || array_to_string(ARRAY(
    SELECT '{"kind":"' || t2.value
      || '","count":' || (t2.count)::text || '}'
    FROM (
      SELECT part.value, sum(part.count) AS count
      FROM (
        SELECT each.value, each.count
        FROM (
          SELECT sum(conversions_suggestion) AS c0, sum(conversions_proposal) AS c1, sum(conversions_social_opinion_report) AS c2
          FROM tally AS tallied
          WHERE tallied.division_number = t1.number
            AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
            AND ((unit = 'YEAR' AND starts_on >= $2::date AND starts_on < $3::date) OR (unit = 'MONTH' AND starts_on >= $4::date AND starts_on < least($5::date, $2::date)) OR (unit = 'MONTH' AND starts_on >= greatest($4::date, $3::date) AND starts_on < $5::date) OR (unit = 'DAY' AND starts_on >= $6::date AND starts_on < least($7::date, $4::date)) OR (unit = 'DAY' AND starts_on >= greatest($6::date, $5::date) AND starts_on < $7::date))
        ) AS summed
        CROSS JOIN LATERAL (VALUES ('SUGGESTION', c0), ('PROPOSAL', c1), ('SOCIAL_OPINION_REPORT', c2)) AS each(value, count)
        UNION ALL
        SELECT counted.kind AS value, count(*) AS count
        FROM conversion AS counted
        WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
          AND true
          AND t1.level IN ('TOWNSHIP', 'VILLAGE')
          AND ($6::date IS NULL OR counted.submitted_on >= $6::date)
          AND ($7::date IS NULL OR counted.submitted_on < $7::date)
        GROUP BY counted.kind
      ) AS part
      GROUP BY part.value
      HAVING sum(part.count) > 0
    ) AS t2
    WHERE true
    ORDER BY t2.count DESC, t2.value
  ), ',')
    || '],"satisfaction":' || coalesce((t3.score::float8 / nullif(t3.follow_ups, 0)::float8)::text, 'null') || '}}'
  FROM division AS t1
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(score), 0) AS score, coalesce(sum(follow_ups), 0) AS follow_ups
    FROM (
      SELECT sum(satisfaction_score) AS score, sum(follow_ups) AS follow_ups
      FROM tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= $2::date AND starts_on < $3::date) OR (unit = 'MONTH' AND starts_on >= $4::date AND starts_on < least($5::date, $2::date)) OR (unit = 'MONTH' AND starts_on >= greatest($4::date, $3::date) AND starts_on < $5::date) OR (unit = 'DAY' AND starts_on >= $6::date AND starts_on < least($7::date, $4::date)) OR (unit = 'DAY' AND starts_on >= greatest($6::date, $5::date) AND starts_on < $7::date))
      UNION ALL
      SELECT sum(score) AS score, count(*) AS follow_ups
      FROM follow_up AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND true
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ($6::date IS NULL OR counted.at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t3
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 1401
-- $2::date = 2023-01-01
-- $3::date = 2024-01-01
-- $4::date = 2023-01-01
-- $5::date = 2024-01-01
-- $6::date = 2023-01-01
-- $7::date = 2024-01-01
