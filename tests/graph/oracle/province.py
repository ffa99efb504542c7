"""A small province: two counties with part of their topics, matters, notices in every state, texts to escape."""

import asyncpg

from services.search.reindex import fill
from services.seeds.scaffold import without_scaffold
from tests.counties import HERE

TRIM = f"""
DELETE FROM annual_plan WHERE NOT ({HERE});
DELETE FROM platform WHERE NOT ({HERE});
DELETE FROM topic WHERE NOT ({HERE}) OR right(number, 2)::int % 5 <> 0;
DELETE FROM topic_history WHERE id NOT IN (SELECT id FROM topic);
DELETE FROM matter WHERE NOT ({HERE}) OR topic_id NOT IN (SELECT id FROM topic);
DELETE FROM matter_history WHERE id NOT IN (SELECT id FROM matter);
DELETE FROM trace_chain WHERE topic_id IS NULL OR topic_id NOT IN (SELECT id FROM topic);
DELETE FROM trace_entry WHERE chain_id NOT IN (SELECT id FROM trace_chain);
DELETE FROM plan_item WHERE topic_id NOT IN (SELECT id FROM topic) OR plan_id NOT IN (SELECT id FROM annual_plan);
DELETE FROM annual_plan_history WHERE id NOT IN (SELECT id FROM annual_plan);
DELETE FROM plan_item_history WHERE id NOT IN (SELECT id FROM plan_item);
DELETE FROM follow_up WHERE topic_id NOT IN (SELECT id FROM topic);
DELETE FROM follow_up_history WHERE id NOT IN (SELECT id FROM follow_up);
DELETE FROM session_topic WHERE topic_id NOT IN (SELECT id FROM topic);
DELETE FROM session WHERE id NOT IN (SELECT session_id FROM session_topic);
DELETE FROM session_history WHERE id NOT IN (SELECT id FROM session);
DELETE FROM attendance WHERE session_id NOT IN (SELECT id FROM session);
DELETE FROM opinion WHERE topic_id NOT IN (SELECT id FROM topic) OR session_id NOT IN (SELECT id FROM session);
DELETE FROM outcome WHERE topic_id NOT IN (SELECT id FROM topic);
DELETE FROM conversion WHERE outcome_id NOT IN (SELECT id FROM outcome)
  OR opinion_id NOT IN (SELECT id FROM opinion);
DELETE FROM conversion_history WHERE id NOT IN (SELECT id FROM conversion);
DELETE FROM commitment WHERE outcome_id NOT IN (SELECT id FROM outcome);
DELETE FROM commitment_history WHERE id NOT IN (SELECT id FROM commitment);
DELETE FROM progress WHERE commitment_id NOT IN (SELECT id FROM commitment);
DELETE FROM verdict WHERE commitment_id NOT IN (SELECT id FROM commitment);
DELETE FROM evidence WHERE topic_id NOT IN (SELECT id FROM topic)
  OR commitment_id NOT IN (SELECT id FROM commitment);
DELETE FROM involvement WHERE topic_id NOT IN (SELECT id FROM topic);
DELETE FROM department WHERE NOT ({HERE})
  AND id NOT IN (SELECT department_id FROM involvement UNION SELECT department_id FROM commitment)
  AND id NOT IN (SELECT department_id FROM attendance WHERE department_id IS NOT NULL);
DELETE FROM department_channel WHERE department_id NOT IN (SELECT id FROM department);
DELETE FROM member WHERE NOT ({HERE}) OR (right(name, 4)::int % 5 <> 0
  AND id NOT IN (SELECT member_id FROM attendance WHERE member_id IS NOT NULL UNION
  SELECT member_id FROM opinion WHERE member_id IS NOT NULL UNION
  SELECT author_id FROM conversion WHERE author_id IS NOT NULL));
DELETE FROM activity WHERE NOT ({HERE}) OR abs(hashtext(id::text)) % 3 = 0;
DELETE FROM activity_member WHERE activity_id NOT IN (SELECT id FROM activity)
  OR member_id NOT IN (SELECT id FROM member);
DELETE FROM duty_assessment WHERE member_id NOT IN (SELECT id FROM member);
DELETE FROM duty_record WHERE assessment_id NOT IN (SELECT id FROM duty_assessment)
  OR session_id NOT IN (SELECT id FROM session) OR opinion_id NOT IN (SELECT id FROM opinion)
  OR conversion_id NOT IN (SELECT id FROM conversion) OR activity_id NOT IN (SELECT id FROM activity);
DELETE FROM liaison_group WHERE NOT ({HERE});
DELETE FROM committee WHERE NOT ({HERE});
DELETE FROM brand WHERE NOT ({HERE}) AND id NOT IN (SELECT brand_id FROM platform WHERE brand_id IS NOT NULL);
DELETE FROM division WHERE level IN ('TOWNSHIP', 'VILLAGE') AND left(code, 6) NOT IN ('140106', '140521');
DELETE FROM division WHERE level = 'VILLAGE' AND NOT EXISTS (SELECT FROM platform WHERE division_number = number);
"""

CHAINS = """
INSERT INTO trace_chain (id, matter_id, last_sequence, last_hash)
SELECT md5('chain' || id)::uuid, id, 3, sha256('') FROM matter;
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor_role, subject_kind, subject_id, summary, evidence,
                         previous_hash, hash)
SELECT md5('entry' || matter.id || nth)::uuid, md5('chain' || matter.id)::uuid, nth,
       raised_at + nth * interval '1 hour 0.5 s', (ARRAY['matter.raised', 'matter.listed', 'matter.accepted'])[nth],
       (ARRAY['RESIDENT', 'CADRE', 'CADRE'])[nth], (ARRAY['matter', 'topic', 'matter'])[nth],
       CASE WHEN nth = 2 THEN coalesce(topic_id, matter.id) ELSE matter.id END, '事', '[]', sha256(''), sha256('')
FROM matter, generate_series(1, 3) AS nth;
"""

NOTICES = """
INSERT INTO event (id, type, topic_id, division_number, occurred_at, data)
SELECT md5(topic.number || nth)::uuid, (ARRAY['topic.listed', 'session.scheduled', 'topic.resolved'])[nth], topic.id,
       topic.division_number, topic.proposed_at + nth * interval '1 day 0.25 s', '{}'
FROM topic, generate_series(1, 3) AS nth
WHERE EXISTS (SELECT FROM involvement WHERE topic_id = topic.id);
INSERT INTO event (id, type, division_number, occurred_at, data)
SELECT md5(code)::uuid, 'department.registered', division_number, '2024-01-01T00:00:00.000001Z', '{}' FROM department;
INSERT INTO lane (department_id, topic_id, last_sequence) SELECT DISTINCT department_id, topic_id, 3 FROM involvement;
INSERT INTO lane (department_id, last_sequence) SELECT id, 1 FROM department;
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, confirmed_at, last_error,
                      replays, replayed_at, skipped_at, skipped_by, skip_reason)
SELECT md5(lane.id::text || event.id)::uuid, event.id, lane.department_id, lane.id,
       row_number() OVER (PARTITION BY lane.id ORDER BY event.occurred_at), 'LEAD', status, lane.id % 4,
       CASE WHEN status = 'CONFIRMED' THEN event.occurred_at + interval '0.5 s' END,
       CASE WHEN status = 'PARKED' THEN E'拒收 "\\\\"\\n\\t\\u0001\\u007f' END,
       lane.id % 3, CASE WHEN lane.id % 3 > 0 THEN event.occurred_at + interval '1.25 s' END,
       CASE WHEN status = 'SKIPPED' THEN event.occurred_at END, CASE WHEN status = 'SKIPPED' THEN 'operator' END,
       CASE WHEN status = 'SKIPPED' THEN '重复' END
FROM lane JOIN event ON event.topic_id = lane.topic_id OR (lane.topic_id IS NULL AND event.topic_id IS NULL
  AND event.id = (SELECT md5(code)::uuid FROM department WHERE id = lane.department_id)),
  LATERAL (SELECT (ARRAY['CONFIRMED', 'CONFIRMED', 'PENDING', 'PARKED', 'SKIPPED'])
    [1 + abs(hashtext(lane.id::text || event.id)) % 5] AS status) AS chosen;
UPDATE delivery SET receipt = (ARRAY['RECEIVED', 'ACCEPTED', 'DECLINED', 'IN_PROGRESS', 'COMPLETED'])
    [1 + attempts + sequence % 2], receipt_at = confirmed_at + sequence * interval '1.125 s',
    receipt_note = CASE WHEN sequence = 2 THEN E'办"结"\\r\\n\\u2028😀' END
WHERE status = 'CONFIRMED' AND lane_id % 3 > 0;
"""

GRANTS = """
INSERT INTO role_grant (id, subject, role, division_number, department_id, granted_by, granted_at, revoked_by,
                        revoked_at)
SELECT md5('grant' || code)::uuid, 'clerk of ' || code, 'DEPARTMENT', division_number, id, 'secretariat',
       '2024-01-01T00:00:00Z', NULL, NULL FROM department;
INSERT INTO role_grant (id, subject, role, division_number, granted_by, granted_at, revoked_by, revoked_at)
SELECT md5('grant' || code)::uuid, '"居民" ' || name, 'RESIDENT', number, 'secretariat', '2024-02-01T00:00:00.5Z',
       CASE WHEN number % 3 = 0 THEN 'secretariat' END, CASE WHEN number % 3 = 0 THEN now() END
FROM division WHERE level = 'TOWNSHIP';
"""

MEMBERS = """
UPDATE member SET subject = 'member' WHERE id = (
  SELECT member_id FROM duty_assessment JOIN member ON member.id = member_id
  WHERE member.division_number = 140106000000 GROUP BY member_id ORDER BY count(*) DESC, member_id LIMIT 1);
"""

ODDITIES = r"""
UPDATE topic SET title = E'引"号" \\ 斜/杠😀', summary = E'引"号"\n\r\t\u2028😀' WHERE right(number, 2)::int % 3 = 0;
UPDATE topic SET summary = NULL WHERE right(number, 2)::int % 4 = 0;
UPDATE topic SET proposed_at = proposed_at + interval '0.5 s', listed_at = listed_at + interval '0.000001 s',
    scheduled_at = scheduled_at + interval '0.12 s', next_session_at = next_session_at + interval '0.12 s'
    WHERE right(number, 2)::int % 2 = 0;
UPDATE trace_entry SET summary = summary || E'"\\\n\u0001' WHERE sequence % 3 = 0;
UPDATE trace_entry SET subject_kind = 'topic', subject_id = (SELECT id FROM topic WHERE listed_at IS NULL LIMIT 1)
    WHERE sequence % 4 = 2;
UPDATE trace_entry SET subject_kind = 'nothing' WHERE sequence % 4 = 3;
UPDATE trace_entry SET subject_kind = NULL, subject_id = NULL WHERE sequence % 7 = 6;
UPDATE platform SET opened_on = NULL, name = '{"无"} ' || name WHERE right(code, 1) IN ('3', '6');
UPDATE platform SET closed_on = opened_on + 900 WHERE right(code, 1) = '5';
UPDATE session SET headcount = NULL, headcount_is_lower_bound = false WHERE right(id::text, 1) IN ('1', '8', 'c');
UPDATE department_channel SET enabled = false, paused_until = '2030-01-01T00:00:00.1Z',
    last_error = E'"连接"\t断' WHERE right(department_id::text, 1) < '8';
UPDATE topic SET subject = (ARRAY['secretariat', 'auditor', 'court', 'resident', 'nobody'])
    [1 + abs(hashtext(id::text)) % 7] WHERE listed_at IS NULL OR right(number, 1) = '2';
UPDATE matter SET subject = (ARRAY['secretariat', 'auditor', 'court', 'resident', 'neighbour', 'nobody'])
    [1 + abs(hashtext(id::text)) % 9], title = E'引"号"\\ ' || title;
UPDATE matter SET status = 'ACCEPTED', topic_id = NULL, answer = NULL, answered_at = NULL,
    raised_at = raised_at + interval '0.5 s' WHERE right(id::text, 1) = '3' AND status <> 'RAISED';
UPDATE matter SET raised_at = '2024-04-16T00:00:00+08:00' WHERE right(id::text, 2) IN ('03', '13', '23', '33');
UPDATE matter SET raised_at = '2024-04-15T23:59:59+08:00' WHERE right(id::text, 2) IN ('43', '53', '63', '73');
UPDATE commitment SET due_on = NULL WHERE right(id::text, 1) IN ('0', '7');
"""


async def trim(url: str) -> None:
    """Make the small province out of the two counties."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(), without_scaffold(connection):
            for script in (TRIM, CHAINS, NOTICES, GRANTS, MEMBERS, ODDITIES):
                await connection.execute(script)
            await connection.execute("DELETE FROM search_document")
            await fill(connection)
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
