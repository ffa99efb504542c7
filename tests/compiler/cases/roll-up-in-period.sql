SELECT '{"data":{"division":' || coalesce((
  SELECT '{"statistics":{"topics":{"total":' || (t2.key + t2.micro)::text
    || '},"commitments":{"done":' || (t3.done)::text
    || ',"overdue":' || (t4.commitments)::text || '}}}'
  FROM division AS t1
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(key), 0) AS key, coalesce(sum(micro), 0) AS micro, coalesce(sum(resolved), 0) AS resolved
    FROM (
      SELECT sum(topics_key) AS key, sum(topics_micro) AS micro, sum(status_resolved) AS resolved
      FROM county_tally AS tally
      WHERE tally.county_number >= t1.number
        AND tally.county_number < t1.upper
        AND tally.year >= $2::int
        AND tally.year < $3::int
      UNION ALL
      SELECT count(*) FILTER (WHERE kind = 'KEY') AS key, count(*) FILTER (WHERE kind = 'MICRO') AS micro, count(*) FILTER (WHERE status = 'RESOLVED') AS resolved
      FROM topic AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.listed_at IS NOT NULL
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR $4::boolean OR $5::boolean)
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR extract(year FROM counted.listed_at AT TIME ZONE 'Asia/Shanghai') < $2::int OR extract(year FROM counted.listed_at AT TIME ZONE 'Asia/Shanghai') >= $3::int)
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
      FROM county_tally AS tally
      WHERE tally.county_number >= t1.number
        AND tally.county_number < t1.upper
        AND tally.year >= $2::int
        AND tally.year < $3::int
      UNION ALL
      SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('DONE', 'VERIFIED')) AS done, count(*) FILTER (WHERE status = 'VERIFIED') AS verified
      FROM commitment AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND true
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR $4::boolean OR $5::boolean)
        AND (t1.level IN ('TOWNSHIP', 'VILLAGE') OR extract(year FROM counted.assigned_at AT TIME ZONE 'Asia/Shanghai') < $2::int OR extract(year FROM counted.assigned_at AT TIME ZONE 'Asia/Shanghai') >= $3::int)
        AND ($6::date IS NULL OR counted.assigned_at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.assigned_at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t3
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(commitments), 0) AS commitments
    FROM (
      SELECT sum(tally.commitments) AS commitments
      FROM due_tally AS tally
      WHERE tally.county_number >= t1.number
        AND tally.county_number < t1.upper
        AND NOT (t1.level IN ('TOWNSHIP', 'VILLAGE'))
        AND $6::date IS NULL
        AND $7::date IS NULL
        AND tally.month < date_trunc('month', $8::date::timestamp)::date
      UNION ALL
      SELECT count(*)
      FROM (
        SELECT division_number, topic_id
        FROM commitment AS counted
        WHERE due_on >= date_trunc('month', $8::date::timestamp)::date
          AND counted.due_on < $8::date
          AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED') OFFSET 0
      ) AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND NOT (t1.level IN ('TOWNSHIP', 'VILLAGE'))
        AND $6::date IS NULL
        AND $7::date IS NULL
      UNION ALL
      SELECT count(*)
      FROM commitment AS counted
      WHERE (counted.division_number >= t1.number AND counted.division_number < t1.upper)
        AND counted.due_on < $8::date
        AND counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED')
        AND NOT (NOT (t1.level IN ('TOWNSHIP', 'VILLAGE')) AND $6::date IS NULL AND $7::date IS NULL)
        AND ($6::date IS NULL OR counted.assigned_at >= ($6::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
        AND ($7::date IS NULL OR counted.assigned_at < ($7::date::timestamp AT TIME ZONE 'Asia/Shanghai'))
    ) AS part
  ) AS t4
  WHERE t1.code = $1::text
), 'null') || '}}'

-- $1::text = 140106
-- $2::int = 2023
-- $3::int = 2024
-- $4::boolean = True
-- $5::boolean = False
-- $6::date = 2022-03-01
-- $7::date = 2024-01-01
-- $8::date = 2024-06-01
