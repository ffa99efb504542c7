"""The first world: the small province with more that not everybody sees, in every state that it can have."""

import asyncpg

from services.search.reindex import fill

NOWHERE = "00000000-0000-7000-8000-000000000000"
"""A key that nothing has."""

TOPICS = """
INSERT INTO topic (id, number, title, summary, kind, category, status, version, platform_id, division_number,
                   proposed_at, withdrawn_at, recorded_at, subject)
SELECT md5('proposal' || id)::uuid, number || '-P', '待定：' || title, summary, kind, category,
       CASE WHEN nth % 4 = 0 THEN 'WITHDRAWN' ELSE 'PROPOSED' END, 1 + nth % 3, platform_id, division_number,
       proposed_at, CASE WHEN nth % 4 = 0 THEN proposed_at + interval '9 days' END, proposed_at + interval '1 day',
       (ARRAY['resident', 'member', 'nobody', 'cadre', NULL, NULL])[1 + nth % 6]
FROM (SELECT topic.*, row_number() OVER (PARTITION BY division_number / 1000000 ORDER BY number)::int AS nth
      FROM topic) AS found
WHERE nth <= 24;
INSERT INTO topic_history (id, number, title, summary, kind, category, status, version, platform_id, division_number,
                           proposed_at, recorded_at, subject, replaced_at)
SELECT id, number, '初稿：' || title, summary, kind, category, 'PROPOSED', 1, platform_id, division_number, proposed_at,
       proposed_at, subject, recorded_at FROM topic WHERE number LIKE '%-P';
INSERT INTO involvement (id, topic_id, department_id, role, since, until)
SELECT md5('part' || topic.id || code)::uuid, topic.id, department.id, 'SUPPORT', proposed_at,
       CASE WHEN right(topic.id::text, 1) < '3' THEN proposed_at + interval '3 days' END
FROM topic JOIN department ON department.division_number / 1000000 = topic.division_number / 1000000
WHERE topic.number LIKE '%-P' AND abs(hashtext(topic.id || code)) % 4 = 0;
INSERT INTO evidence (id, topic_id, at, url, note)
SELECT md5('shown' || id)::uuid, id, proposed_at, 'https://example.org/' || number, '草案附件'
FROM topic WHERE number LIKE '%-P';
"""
MATTERS = """
INSERT INTO matter (id, title, description, nature, raised_by, subject, raised_at, platform_id, division_number,
                    category, status, version, accepted_at, topic_id, recorded_at)
SELECT md5('wish' || topic.id || nth)::uuid, '诉求：' || title, coalesce(summary, title), 'WORRYING', 'RESIDENT',
       (ARRAY['resident', 'nobody', 'neighbour', NULL])[1 + abs(hashtext(topic.id::text || nth)) % 4],
       proposed_at - nth * interval '2 days', platform_id, division_number, category, 'LISTED', 2,
       proposed_at - interval '1 day', topic.id, proposed_at
FROM topic, generate_series(1, 2) AS nth WHERE topic.number LIKE '%-P';
"""
TRACE = """
INSERT INTO trace_chain (id, topic_id, last_sequence, last_hash)
SELECT md5('chain' || id)::uuid, id, 2, sha256('') FROM topic WHERE number LIKE '%-P';
INSERT INTO trace_chain (id, matter_id, last_sequence, last_hash)
SELECT md5('chain' || id)::uuid, id, 2, sha256('') FROM matter WHERE title LIKE '诉求：%';
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                         evidence, previous_hash, hash)
SELECT md5('entry' || chain.id || nth)::uuid, chain.id, nth, '2023-05-01T00:00:00Z'::timestamptz + nth * interval '1 h',
       'topic.proposed', 'somebody', 'CADRE', CASE WHEN topic_id IS NULL THEN 'matter' ELSE 'topic' END,
       coalesce(topic_id, matter_id), '事', '[]', sha256(''), sha256('')
FROM trace_chain AS chain, generate_series(1, 2) AS nth
WHERE NOT EXISTS (SELECT FROM trace_entry WHERE chain_id = chain.id);
"""
NOTICES = """
INSERT INTO event (id, type, topic_id, division_number, occurred_at, actor, data)
SELECT md5('told' || id || nth)::uuid, (ARRAY['department.involved', 'topic.withdrawn'])[nth], id, division_number,
       proposed_at + nth * interval '1 day', 'cadre', '{"title": "待定"}'
FROM topic, generate_series(1, 2) AS nth WHERE number LIKE '%-P';
INSERT INTO lane (department_id, topic_id, last_sequence)
SELECT DISTINCT department_id, topic_id, 2 FROM involvement
WHERE topic_id IN (SELECT id FROM topic WHERE number LIKE '%-P');
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, confirmed_at, last_error,
                      receipt, receipt_at, receipt_note, replays)
SELECT md5(lane.id::text || event.id)::uuid, event.id, lane.department_id, lane.id,
       row_number() OVER (PARTITION BY lane.id ORDER BY event.occurred_at), 'SUPPORT',
       CASE WHEN lane.id % 2 = 0 THEN 'CONFIRMED' ELSE 'PARKED' END, 1,
       CASE WHEN lane.id % 2 = 0 THEN event.occurred_at END, CASE WHEN lane.id % 2 = 1 THEN '拒收' END,
       CASE WHEN lane.id % 4 = 0 THEN 'ACCEPTED' END, CASE WHEN lane.id % 4 = 0 THEN event.occurred_at END,
       CASE WHEN lane.id % 4 = 0 THEN '已收悉' END, 0
FROM lane JOIN event USING (topic_id) WHERE topic_id IN (SELECT id FROM topic WHERE number LIKE '%-P');
INSERT INTO inbox_message (department_id, message_id, received_at, source)
SELECT id, 'message of ' || code, '2024-01-01T00:00:00Z', code FROM department;
INSERT INTO restoration (restored_to, told_at, first_sequence)
SELECT moment, moment + interval '1 hour', 1000
FROM generate_series('2024-01-01T00:00:00Z'::timestamptz, '2024-02-09T00:00:00Z', '1 day') AS moment;
INSERT INTO idempotency_key (subject, key, fingerprint, at)
SELECT 'somebody', number, 'x', '2024-01-01T00:00:00Z' FROM topic;
UPDATE event SET position = placed.position
FROM (SELECT id, row_number() OVER (ORDER BY occurred_at, id) * 10 AS position FROM event) AS placed
WHERE placed.id = event.id;
UPDATE delivery SET position = placed.position
FROM (SELECT delivery.id, event.position * 1000 + row_number() OVER (PARTITION BY event_id ORDER BY delivery.id)
      AS position FROM delivery JOIN event ON event.id = event_id) AS placed
WHERE placed.id = delivery.id;
UPDATE event SET position = position * 1000;
SELECT setval('feed_position', (SELECT max(position) FROM delivery));
"""
PLANS = """
INSERT INTO annual_plan (id, platform_id, division_number, year, version, revision, status, drafted_at, submitted_at,
                         submitted_by, return_reason, recorded_at)
SELECT md5('draft' || id)::uuid, id, division_number, 2024, 40, 3, status, '2023-12-01T00:00:00Z',
       CASE WHEN status <> 'DRAFT' THEN '2023-12-20T00:00:00Z'::timestamptz END,
       CASE WHEN status <> 'DRAFT' THEN 'cadre' END, CASE WHEN status = 'RETURNED' THEN '议题不够' END,
       '2023-12-01T00:00:00Z'
FROM (SELECT *, (ARRAY['DRAFT', 'SUBMITTED', 'RETURNED'])[1 + abs(hashtext(id::text)) % 3] AS status FROM platform)
  AS chosen WHERE tier <> 'MICRO';
INSERT INTO plan_item (id, plan_id, topic_id, position, quarter, recorded_at)
SELECT md5('item' || plan.id || topic.id)::uuid, plan.id, topic.id,
       row_number() OVER (PARTITION BY plan.id ORDER BY topic.number), 1, plan.recorded_at
FROM annual_plan AS plan JOIN topic ON topic.division_number / 1000000 = plan.division_number / 1000000
WHERE plan.version = 40 AND topic.listed_at IS NOT NULL AND abs(hashtext(plan.id || topic.number)) % 12 = 0;
INSERT INTO plan_item_history (id, plan_id, topic_id, position, quarter, recorded_at, replaced_at)
SELECT id, plan_id, topic_id, position, 2, recorded_at, recorded_at + interval '5 days' FROM plan_item
WHERE plan_id IN (SELECT id FROM annual_plan WHERE version = 40) AND position = 1;
UPDATE plan_item SET recorded_at = recorded_at + interval '5 days'
WHERE id IN (SELECT id FROM plan_item_history);
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                         evidence, previous_hash, hash)
SELECT md5('planned' || item.id)::uuid, chain.id, 1000 + row_number() OVER (PARTITION BY chain.id ORDER BY item.id),
       '2024-01-05T00:00:00Z', 'plan.topic_added', 'cadre', 'CADRE', 'annualplan', item.plan_id, '列入计划草案', '[]',
       sha256(''), sha256('')
FROM plan_item AS item JOIN trace_chain AS chain USING (topic_id);
"""
REDACTIONS = """
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, field, CASE WHEN field <> 'WHOLE' THEN '社区一处问题（已处理）' END, '2024-03-01T00:00:00Z'
FROM matter, unnest(ARRAY['TITLE', 'DESCRIPTION', 'WHOLE']) WITH ORDINALITY AS redacted(field, nth)
WHERE abs(hashtext(id::text)) % 8 = nth OR (nth = 2 AND abs(hashtext(id::text)) % 8 = 3);
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, 'TEXT', '意见已隐去', '2024-03-01T00:00:00Z' FROM opinion WHERE abs(hashtext(id::text)) % 3 = 0;
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, 'COMMENT', '留言已隐去', '2100-03-01T00:00:00Z' FROM follow_up
WHERE comment IS NOT NULL AND abs(hashtext(id::text)) % 2 = 0;
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, 'SUMMARY', '摘要已隐去', '2024-03-01T00:00:00Z' FROM trace_entry WHERE abs(hashtext(id::text)) % 9 = 0;
UPDATE matter SET redacted = true WHERE id IN (SELECT thing_id FROM redaction);
UPDATE opinion SET redacted = true WHERE id IN (SELECT thing_id FROM redaction);
UPDATE follow_up SET redacted = true WHERE id IN (SELECT thing_id FROM redaction);
UPDATE follow_up SET subject = 'voice of ' || id WHERE recorded_by IS NULL;
INSERT INTO revocation (id, subject, revoked_by, revoked_at)
SELECT md5('revoked' || code)::uuid, 'once of ' || code, 'operator', '2024-01-01T00:00:00Z' FROM department;
"""


async def enrich(url: str) -> None:
    """Make the first world out of the small province."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            for script in (TOPICS, MATTERS, TRACE, NOTICES, PLANS, REDACTIONS):
                await connection.execute(script)
            await connection.execute("DELETE FROM search_document")
            await fill(connection)
            await connection.execute("SELECT recount_tallies()")
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
