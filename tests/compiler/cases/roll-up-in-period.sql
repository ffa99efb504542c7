SELECT '{"data":{"division":' || coalesce((
  SELECT '{"statistics":{"topics":{"total":' || (t2.key + t2.micro)::text
    || '},"commitments":{"done":' || (t3.done)::text
    || ',"overdue":' || (t4.commitments)::text || '}}}'
  FROM division AS t1
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
    FROM (
      SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
      FROM tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= $2::date AND starts_on < $3::date) OR (unit = 'MONTH' AND starts_on >= $4::date AND starts_on < least($5::date, $2::date)) OR (unit = 'MONTH' AND starts_on >= greatest($4::date, $3::date) AND starts_on < $5::date) OR (unit = 'DAY' AND starts_on >= $6::date AND starts_on < least($7::date, $4::date)) OR (unit = 'DAY' AND starts_on >= greatest($6::date, $5::date) AND starts_on < $7::date))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.listed_at IS NOT NULL
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ($6::date IS NULL OR counted.listed_at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.listed_at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.listed_at IS NULL
        AND $6::date IS NULL
        AND $7::date IS NULL
        AND false
    ) AS part
  ) AS t2
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(total), 0) AS total, coalesce(sum(done), 0) AS done, coalesce(sum(verified), 0) AS verified
    FROM (
      SELECT sum(commitments) AS total, sum(commitments_done) AS done, sum(commitments_verified) AS verified
      FROM tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= $2::date AND starts_on < $3::date) OR (unit = 'MONTH' AND starts_on >= $4::date AND starts_on < least($5::date, $2::date)) OR (unit = 'MONTH' AND starts_on >= greatest($4::date, $3::date) AND starts_on < $5::date) OR (unit = 'DAY' AND starts_on >= $6::date AND starts_on < least($7::date, $4::date)) OR (unit = 'DAY' AND starts_on >= greatest($6::date, $5::date) AND starts_on < $7::date))
      UNION ALL
      SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, count(*) FILTER (WHERE status = 'VERIFIED') AS verified
      FROM commitment AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND true
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ($6::date IS NULL OR counted.assigned_at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.assigned_at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t3
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(commitments), 0) AS commitments
    FROM (
      SELECT sum(commitments) AS commitments
      FROM due_tally AS tallied
      WHERE tallied.division_number = t1.number
        AND NOT t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ((unit = 'YEAR' AND starts_on >= $2::date AND starts_on < $3::date) OR (unit = 'MONTH' AND starts_on >= $4::date AND starts_on < least($5::date, $2::date)) OR (unit = 'MONTH' AND starts_on >= greatest($4::date, $3::date) AND starts_on < $5::date) OR (unit = 'DAY' AND starts_on >= $6::date AND starts_on < least($7::date, $4::date)) OR (unit = 'DAY' AND starts_on >= greatest($6::date, $5::date) AND starts_on < $7::date))
        AND tallied.due_on < $8::date
      UNION ALL
      SELECT count(*)
      FROM commitment AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.due_on < $8::date
        AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN')
        AND t1.level IN ('TOWNSHIP', 'VILLAGE')
        AND ($6::date IS NULL OR counted.assigned_at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.assigned_at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t4
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140106
-- $2::date = 2023-01-01
-- $3::date = 2024-01-01
-- $4::date = 2022-03-01
-- $5::date = 2024-01-01
-- $6::date = 2022-03-01
-- $7::date = 2024-01-01
-- $8::date = 2024-06-01
