"""The limit's statements. What PostgreSQL does in one of them is not asked for in two, unless a lock lies between."""

CLAIM = """
INSERT INTO idempotency_key (subject, key, fingerprint, result, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING result
"""
PLATFORM = """
SELECT id, division_number FROM platform
WHERE id = ${id} AND (closed_on IS NULL OR closed_on > ${today})
  AND division_number >= ${lower} AND division_number < ${upper}
"""
MATTER = f"""
INSERT INTO matter (id, title, description, nature, raised_by, subject, raised_at, platform_id, division_number,
                    category, status, version)
SELECT $1, $2, $3, $4, 'CADRE', $5, $6, platform.id, division_number, $7, 'RAISED', 1
FROM ({PLATFORM.format(id=8, today=9, lower=10, upper=11)}) AS platform
RETURNING division_number
"""
DOCUMENT = """
INSERT INTO search_document (id, kind, division_number, title, text, published, edition, terms)
VALUES ($1, $2, $3, $4, $5, false, $6, $7::text::tsvector)
"""
HEAD = "SELECT id, last_sequence, last_hash FROM trace_head($1, $2, $3)"
ENTRY = """
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                         evidence, previous_hash, hash, form, actor_salt, actor_commitment, evidence_salt,
                         evidence_commitment, summary_salt, summary_commitment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
"""

NUMBER = f"""
WITH place AS ({PLATFORM.format(id=1, today=2, lower=3, upper=4)}), taken AS (
    INSERT INTO topic_number (county_code, year, last)
    SELECT left(lpad(division_number::text, 12, '0'), 6), $5, 1 FROM place
    ON CONFLICT ON CONSTRAINT pk_topic_number DO UPDATE SET last = topic_number.last + 1
    RETURNING county_code, last
)
SELECT division_number, county_code, last FROM place CROSS JOIN taken
"""
TOPIC = """
WITH topic AS (
    INSERT INTO topic (id, number, title, summary, kind, category, status, version, platform_id, division_number,
                       proposed_at, subject)
    VALUES ($1, $2, $3, $4, $5, $6, 'PROPOSED', 1, $7, $8, $9, $10)
), document AS (
    INSERT INTO search_document (id, kind, division_number, title, text, published, edition, terms)
    VALUES ($1, 'TOPIC', $8, $3, $4, false, $11, $12::text::tsvector)
)
INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, actor, data)
VALUES ($13, 'topic.proposed', $1, $8, $2, $9, $10, $14)
"""

LOCKED = "SELECT id, number, title, status, version, division_number, next_session_at, proposed_at FROM topic"
LOCK = f"{LOCKED} WHERE id = $1 FOR UPDATE"
LOCK_SOME = f"{LOCKED} WHERE id = ANY($1) ORDER BY id FOR UPDATE"
LOCK_AGENDA = f"""
{LOCKED} WHERE id IN (SELECT topic_id FROM session_topic WHERE session_id = $1) ORDER BY id FOR UPDATE
"""
ADDRESSEES = """
SELECT department_id, role FROM involvement WHERE topic_id = $1 AND until IS NULL
UNION ALL
SELECT DISTINCT commitment.department_id, NULL FROM commitment
WHERE commitment.topic_id = $1 AND commitment.status NOT IN ('DECLINED', 'WITHDRAWN')
  AND NOT EXISTS (
    SELECT FROM involvement AS part
    WHERE part.topic_id = commitment.topic_id AND part.department_id = commitment.department_id
      AND (part.until IS NULL OR part.until >= commitment.assigned_at AND commitment.status IN ('DONE', 'VERIFIED'))
  )
ORDER BY 1
"""
SETTLED = """
SELECT min(session.scheduled_at) FILTER (WHERE session.status = 'SCHEDULED') AS next_at,
    (array_agg(session.scheduled_at ORDER BY session.held_at DESC, session.scheduled_at DESC)
        FILTER (WHERE session.held_at IS NOT NULL))[1] AS last_at
FROM session_topic JOIN session ON session.id = session_topic.session_id WHERE session_topic.topic_id = $1
"""
CHANGED = """
WITH changed AS (
    UPDATE topic SET status = $2, version = $3, {columns} WHERE id = $1
), {also} told AS (
    INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, actor, data)
    VALUES ($4, $5, $1, $6, $7, $8, $9, $10) RETURNING id
), given AS (
    SELECT * FROM unnest($11::uuid[], $12::text[], $13::uuid[]) AS given(department_id, role, id)
), taken AS (
    INSERT INTO lane (department_id, topic_id, last_sequence)
    SELECT department_id, $1, 1 FROM given ORDER BY department_id
    ON CONFLICT ON CONSTRAINT uq_lane_department_id_topic_id DO UPDATE SET last_sequence = lane.last_sequence + 1
    RETURNING department_id, id, last_sequence
)
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, replays)
SELECT given.id, told.id, taken.department_id, taken.id, taken.last_sequence, given.role, 'PENDING', 0, 0
FROM told CROSS JOIN taken JOIN given USING (department_id)
"""
"""A topic has changed; its event stands with a delivery for each department."""


def _changed(columns: str, also: str = "") -> str:
    return CHANGED.format(columns=columns, also=also)


LISTED = _changed("listed_at = $8")
IN_CALENDAR = _changed("next_session_at = $14, scheduled_at = $15")
RESOLVED = _changed(
    "resolved_at = $8, resolution = $14",
    "evidence AS (INSERT INTO evidence (id, topic_id, at, url, sha256, note) "
    "SELECT id, $1, $8, url, sha256, note "
    "FROM unnest($15::uuid[], $16::text[], $17::text[], $18::text[]) AS one(id, url, sha256, note)),",
)
SESSION = f"""
WITH session AS (
    INSERT INTO session (id, platform_id, division_number, status, scheduled_at, venue, form, headcount_is_lower_bound)
    SELECT $1, place.id, place.division_number, 'SCHEDULED', $2, $3, $4, false
    FROM ({PLATFORM.format(id=5, today=6, lower=7, upper=8)}) AS place
    RETURNING id
)
INSERT INTO session_topic (session_id, topic_id, position)
SELECT session.id, topic.id, position FROM session CROSS JOIN unnest($9::uuid[]) WITH ORDINALITY AS topic(id, position)
RETURNING position
"""
LOCK_SESSION = "SELECT status, scheduled_at, venue, division_number FROM session WHERE id = $1 FOR UPDATE"
HELD = """
WITH held AS (
    UPDATE session SET status = 'HELD', held_at = $2, minutes = $3, headcount = $4 WHERE id = $1
)
INSERT INTO attendance (id, session_id, position, name, role, department_id)
SELECT came.id, $1, position, came.name, role, department.id
FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS came(id, name, role, code, position)
LEFT JOIN department ON department.code = came.code
"""
STANDING = """
SELECT count(*) FROM commitment WHERE topic_id = $1 AND status NOT IN ('DONE', 'VERIFIED', 'WITHDRAWN')
"""

DEPARTMENT = "SELECT id, name FROM department WHERE code = $1"
INBOX = """
INSERT INTO inbox_message (department_id, source, message_id, received_at, digest) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING message_id
"""
LOCK_DELIVERY = """
SELECT delivery.id, receipt, event.topic_id FROM delivery JOIN event ON event.id = event_id
WHERE event_id = $1 AND department_id = $2 FOR UPDATE OF delivery
"""
RECEIPT = "UPDATE delivery SET receipt = $2, receipt_at = $3, receipt_note = $4 WHERE id = $1"
