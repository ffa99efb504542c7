"""What holds for every row beyond the constraints of the tables: questions whose answer is no row."""

import asyncpg
import pytest

from services.seeds.load import Connection
from tests.duty import OFFENDING_DUTY

OFFENDERS = {
    **OFFENDING_DUTY,
    "platform above its place": """
        SELECT p.code FROM platform p JOIN division d ON d.number = p.division_number
        WHERE (p.tier, d.level) NOT IN (('GENERAL', 'COUNTY'), ('SUB', 'TOWNSHIP'), ('MICRO', 'VILLAGE'))""",
    "platform's code not beneath its parent's": """
        SELECT p.code FROM platform p JOIN platform parent ON parent.id = p.parent_id
        WHERE NOT starts_with(p.code, parent.code || '-')""",
    "micro platform not beneath its township's sub-platform": """
        SELECT p.code FROM platform p
        JOIN division d ON d.number = p.division_number
        JOIN platform parent ON parent.id = p.parent_id
        JOIN platform sub ON sub.division_number = d.parent_number AND sub.tier = 'SUB'
        WHERE p.tier = 'MICRO' AND parent.id <> sub.id""",
    "micro platform beneath another place": """
        SELECT p.code FROM platform p
        JOIN division d ON d.number = p.division_number
        JOIN platform parent ON parent.id = p.parent_id
        WHERE p.tier = 'MICRO'
          AND parent.division_number NOT IN (d.parent_number, d.parent_number / 1000000 * 1000000)""",
    "platform opened before its parent or outside the time": """
        SELECT p.code FROM platform p LEFT JOIN platform parent ON parent.id = p.parent_id
        WHERE p.opened_on < parent.opened_on OR p.opened_on NOT BETWEEN '2021-03-01' AND '2023-11-24'""",
    "platform with the liaison group of another place": """
        SELECT p.code FROM platform p JOIN division d ON d.number = p.division_number
        LEFT JOIN liaison_group g ON g.id = p.liaison_group_id
        WHERE CASE p.tier WHEN 'GENERAL' THEN g.id IS NOT NULL
              WHEN 'SUB' THEN g.division_number IS DISTINCT FROM d.number
              ELSE g.division_number IS DISTINCT FROM d.parent_number END""",
    "former version of a topic that no other follows": """
        SELECT h.number FROM topic_history h
        WHERE NOT EXISTS (SELECT FROM topic WHERE id = h.id AND recorded_at = h.replaced_at)
          AND NOT EXISTS (SELECT FROM topic_history n WHERE n.id = h.id AND n.recorded_at = h.replaced_at)
        UNION ALL
        SELECT number FROM topic t
        WHERE proposed_at <> least((SELECT min(h.recorded_at) FROM topic_history h WHERE h.id = t.id), recorded_at)""",
    "former version of a topic with something of later": """
        SELECT h.number FROM topic_history h JOIN topic t USING (id)
        WHERE h.version > t.version OR (h.version = t.version AND h.status <> t.status)
           OR greatest(h.listed_at, h.resolved_at, h.withdrawn_at) > h.recorded_at
           OR (h.listed_at IS NULL) <> (h.status = 'PROPOSED')
           OR (h.resolved_at IS NULL) <> (h.status <> 'RESOLVED')""",
    "topic whose present version began after the last day": """
        SELECT number FROM topic WHERE recorded_at > '2024-07-01T00:00:00+08:00'
        UNION ALL SELECT id::text FROM session WHERE recorded_at > '2024-07-01T00:00:00+08:00'
        UNION ALL SELECT id::text FROM matter WHERE recorded_at > '2024-07-01T00:00:00+08:00'
        UNION ALL SELECT id::text FROM annual_plan WHERE recorded_at > '2024-07-01T00:00:00+08:00'
        UNION ALL SELECT id::text FROM commitment WHERE recorded_at > '2024-07-01T00:00:00+08:00'""",
    "commitment whose former version is of another past": """
        SELECT h.id FROM commitment_history h JOIN commitment c USING (id)
        WHERE h.recorded_at < c.assigned_at OR h.replaced_at > c.recorded_at OR h.status IN ('VERIFIED', 'DECLINED')""",
    "commitment whose times are of another state": """
        SELECT id FROM (
            SELECT id, status, assigned_at, answered_at, completed_at, recorded_at FROM commitment
            UNION ALL SELECT id, status, assigned_at, answered_at, completed_at, recorded_at FROM commitment_history
        ) AS version
        WHERE (answered_at IS NULL) <> (status = 'ASSIGNED')
           OR (completed_at IS NULL) = (status IN ('DONE', 'VERIFIED'))
           OR answered_at < assigned_at OR completed_at < answered_at
           OR greatest(answered_at, completed_at) > recorded_at""",
    "former version of a matter that no other follows": """
        SELECT h.id FROM matter_history h
        WHERE NOT EXISTS (SELECT FROM matter WHERE id = h.id AND recorded_at = h.replaced_at)
          AND NOT EXISTS (SELECT FROM matter_history n WHERE n.id = h.id AND n.recorded_at = h.replaced_at)
        UNION ALL
        SELECT id FROM matter m
        WHERE raised_at <> least((SELECT min(h.recorded_at) FROM matter_history h WHERE h.id = m.id), recorded_at)""",
    "version of a matter with something of later": """
        SELECT id FROM matter WHERE greatest(accepted_at, answered_at) > recorded_at
        UNION ALL
        SELECT h.id FROM matter_history h JOIN matter m USING (id)
        WHERE h.accepted_at > h.recorded_at OR h.version >= m.version OR h.status IN ('ANSWERED', 'DECLINED')""",
    "former version of a plan that no other follows": """
        SELECT h.id FROM annual_plan_history h
        WHERE NOT EXISTS (SELECT FROM annual_plan WHERE id = h.id AND recorded_at = h.replaced_at)
          AND NOT EXISTS (SELECT FROM annual_plan_history n WHERE n.id = h.id AND n.recorded_at = h.replaced_at)
        UNION ALL
        SELECT id FROM annual_plan p LEFT JOIN (
            SELECT id, min(recorded_at) AS first_at FROM annual_plan_history GROUP BY id
        ) AS h USING (id)
        WHERE drafted_at <> coalesce(h.first_at, recorded_at)""",
    "former version of a plan with something of later": """
        SELECT h.id FROM annual_plan_history h JOIN annual_plan p USING (id)
        WHERE h.revision > p.revision OR (h.revision = p.revision AND p.superseded_at IS NULL)
           OR greatest(h.submitted_at, h.approved_at) > h.recorded_at OR h.superseded_at IS NOT NULL""",
    "session whose former version was held, or is followed by no other": """
        SELECT h.id FROM session_history h
        WHERE h.status NOT IN ('SCHEDULED', 'POSTPONED') OR num_nonnulls(h.held_at, h.headcount, h.minutes) > 0
           OR NOT EXISTS (SELECT FROM session WHERE id = h.id AND recorded_at = h.replaced_at)
          AND NOT EXISTS (SELECT FROM session_history n WHERE n.id = h.id AND n.recorded_at = h.replaced_at)""",
    "platform without a brand": "SELECT code FROM platform WHERE brand_id IS NULL",
    "department without a channel": """
        SELECT code FROM department LEFT JOIN department_channel ON department_id = id WHERE department_id IS NULL""",
    "member of another committee's liaison group": """
        SELECT m.id FROM member m JOIN liaison_group g ON g.id = m.liaison_group_id
        WHERE g.committee_id <> m.committee_id""",
    "topic away from its platform": """
        SELECT t.number FROM topic t JOIN platform p ON p.id = t.platform_id
        WHERE p.division_number <> t.division_number
           OR (t.proposed_at AT TIME ZONE 'Asia/Shanghai')::date < p.opened_on""",
    "session away from its platform": """
        SELECT s.id FROM session s JOIN platform p ON p.id = s.platform_id
        WHERE p.division_number <> s.division_number""",
    "session that takes another platform's topic": """
        SELECT t.number FROM session_topic st JOIN session s ON s.id = st.session_id JOIN topic t ON t.id = st.topic_id
        WHERE s.platform_id <> t.platform_id""",
    "outcome or commitment away from its topic": """
        SELECT o.id FROM outcome o JOIN topic t ON t.id = o.topic_id WHERE o.division_number <> t.division_number
        UNION ALL
        SELECT c.id FROM commitment c JOIN outcome o ON o.id = c.outcome_id
        WHERE (c.topic_id, c.division_number) <> (o.topic_id, o.division_number)""",
    "department of another county": """
        SELECT t.number FROM topic t JOIN involvement i ON i.topic_id = t.id JOIN department d ON d.id = i.department_id
        WHERE d.division_number / 1000000 <> t.division_number / 1000000
        UNION ALL
        SELECT t.number FROM topic t JOIN commitment c ON c.topic_id = t.id JOIN department d ON d.id = c.department_id
        WHERE d.division_number / 1000000 <> t.division_number / 1000000""",
    "number not of its county and year, or not in the order of proposal": """
        SELECT number FROM (
            SELECT *, row_number() OVER (PARTITION BY county, year ORDER BY proposed_at) AS position FROM (
                SELECT *, left(division_number::text, 6) AS county,
                       extract(year FROM proposed_at AT TIME ZONE 'Asia/Shanghai') AS year FROM topic) AS t) AS t
        WHERE number <> format('T%s-%s-%s', county, year, lpad(position::text, 4, '0'))""",
    "number that the next one would clash with": """
        SELECT * FROM (SELECT substr(number, 2, 6) AS county_code, substr(number, 9, 4)::int AS year,
                              max(substr(number, 14)::int) AS last FROM topic GROUP BY 1, 2) AS used
        FULL JOIN topic_number USING (county_code, year) WHERE used.last IS DISTINCT FROM topic_number.last""",
    "topic scheduled for another time than its next session, else than the last one held": """
        SELECT t.number FROM topic t LEFT JOIN session_topic st ON st.topic_id = t.id
        LEFT JOIN session s ON s.id = st.session_id
        GROUP BY t.id
        HAVING t.next_session_at IS DISTINCT FROM min(s.scheduled_at) FILTER (WHERE s.status = 'SCHEDULED')
           OR t.scheduled_at IS DISTINCT FROM coalesce(t.next_session_at,
               (array_agg(s.scheduled_at ORDER BY s.held_at DESC) FILTER (WHERE s.status = 'HELD'))[1])
        UNION ALL
        SELECT number FROM (
            SELECT number, status, scheduled_at, next_session_at FROM topic
            UNION ALL SELECT number, status, scheduled_at, next_session_at FROM topic_history) AS version
        WHERE next_session_at <> scheduled_at
           OR status IN ('PROPOSED', 'LISTED') AND num_nonnulls(scheduled_at, next_session_at) > 0
           OR status IN ('DELIBERATED', 'IMPLEMENTING', 'RESOLVED') AND scheduled_at IS NULL""",
    "something that happened before what it follows from": """
        SELECT t.number FROM topic t JOIN session_topic st ON st.topic_id = t.id JOIN session s ON s.id = st.session_id
        WHERE s.held_at < t.proposed_at
        UNION ALL
        SELECT o.id::text FROM outcome o JOIN session s ON s.id = o.session_id
        WHERE o.reached_on < (s.held_at AT TIME ZONE 'Asia/Shanghai')::date
        UNION ALL
        SELECT c.id::text FROM conversion c LEFT JOIN outcome o ON o.id = c.outcome_id
        LEFT JOIN opinion n ON n.id = c.opinion_id
        WHERE c.submitted_on < coalesce(o.reached_on, (n.at AT TIME ZONE 'Asia/Shanghai')::date)
        UNION ALL
        SELECT id::text FROM commitment WHERE due_on < (assigned_at AT TIME ZONE 'Asia/Shanghai')::date
        UNION ALL
        SELECT a.id::text FROM activity a JOIN practice_center c ON c.id = a.center_id WHERE a.held_on < c.opened_on""",
    "topic in a state that its sessions do not give": """
        SELECT t.number, t.status FROM topic t LEFT JOIN session_topic st ON st.topic_id = t.id
        LEFT JOIN session s ON s.id = st.session_id AND s.status <> 'CANCELLED'
        GROUP BY t.id HAVING CASE
            WHEN t.status IN ('PROPOSED', 'LISTED', 'WITHDRAWN') THEN count(s.id) > 0
            WHEN t.status = 'SCHEDULED' THEN count(s.id) <> 1 OR bool_or(s.status = 'HELD')
            ELSE bool_or(s.status = 'HELD') IS NOT TRUE END""",
    "topic in a state that its outcomes do not give": """
        SELECT t.number, t.status FROM topic t LEFT JOIN outcome o ON o.topic_id = t.id
        LEFT JOIN commitment c ON c.outcome_id = o.id
        GROUP BY t.id HAVING CASE
            WHEN t.status IN ('IMPLEMENTING', 'RESOLVED') THEN count(c.id) = 0
            WHEN t.status = 'DELIBERATED' THEN count(c.id) > 0
            ELSE count(o.id) > 0 END""",
    "resolved topic without evidence or with work undone": """
        SELECT number FROM topic t WHERE status = 'RESOLVED' AND (
            NOT EXISTS (SELECT FROM evidence WHERE topic_id = t.id) OR resolution IS NULL
            OR EXISTS (SELECT FROM commitment WHERE topic_id = t.id
                       AND status NOT IN ('DONE', 'VERIFIED', 'DECLINED')))""",
    "version below the changes of state": """
        SELECT number FROM topic WHERE version < CASE status WHEN 'PROPOSED' THEN 1 WHEN 'LISTED' THEN 2
            WHEN 'SCHEDULED' THEN 3 WHEN 'DELIBERATED' THEN 4 WHEN 'IMPLEMENTING' THEN 5 WHEN 'RESOLVED' THEN 6
            ELSE 2 END""",
    "topic whose instants run backwards": """
        SELECT number FROM topic WHERE listed_at < proposed_at OR scheduled_at < listed_at
            OR resolved_at < scheduled_at OR withdrawn_at < proposed_at OR withdrawn_at < listed_at""",
    "something after the last day or before the first platform": """
        WITH cut_off(off) AS (VALUES (timestamptz '2024-07-01 00:00+08'))
        SELECT number FROM topic, cut_off WHERE proposed_at < '2021-03-01 00:00+08'
            OR greatest(proposed_at, listed_at, resolved_at, withdrawn_at) > off
        UNION ALL SELECT id::text FROM session, cut_off WHERE held_at > off OR held_at < scheduled_at
            OR status = 'HELD' AND scheduled_at > off OR status = 'SCHEDULED' AND scheduled_at <= off
        UNION ALL SELECT id::text FROM annual_plan, cut_off
        WHERE greatest(drafted_at, submitted_at, approved_at, superseded_at) > off
        UNION ALL SELECT id::text FROM involvement, cut_off WHERE greatest(since, until) > off
        UNION ALL SELECT id::text FROM outcome WHERE reached_on > '2024-06-30'
        UNION ALL SELECT id::text FROM commitment, cut_off WHERE assigned_at > off
        UNION ALL SELECT id::text FROM progress, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM evidence, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM trace_entry, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM matter, cut_off WHERE greatest(raised_at, accepted_at, answered_at) > off
        UNION ALL SELECT id::text FROM opinion, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM verdict, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM follow_up, cut_off WHERE at > off
        UNION ALL SELECT id::text FROM conversion WHERE submitted_on > '2024-06-30'""",
    "key topic in a session of a year whose plan in force has it not, or had it approved too late": """
        SELECT t.number, s.scheduled_at FROM topic t JOIN session_topic st ON st.topic_id = t.id
        JOIN session s ON s.id = st.session_id
        WHERE t.kind = 'KEY' AND NOT EXISTS (
            SELECT FROM plan_item i JOIN annual_plan p ON p.id = i.plan_id WHERE i.topic_id = t.id
              AND p.status = 'APPROVED' AND p.superseded_at IS NULL
              AND p.year = extract(year FROM s.scheduled_at AT TIME ZONE 'Asia/Shanghai'))
        UNION ALL
        SELECT t.number, s.scheduled_at FROM topic t JOIN session_topic st ON st.topic_id = t.id
        JOIN session s ON s.id = st.session_id
        WHERE t.kind = 'KEY' AND s.scheduled_at < (
            SELECT min(p.approved_at) FROM plan_item i JOIN annual_plan p ON p.id = i.plan_id WHERE i.topic_id = t.id
              AND p.year = extract(year FROM s.scheduled_at AT TIME ZONE 'Asia/Shanghai'))""",
    "plan of another platform's topic, or of one that was not listed when it was submitted": """
        SELECT t.number FROM plan_item i JOIN annual_plan p ON p.id = i.plan_id JOIN topic t ON t.id = i.topic_id
        JOIN platform own ON own.id = t.platform_id JOIN platform above ON above.id = p.platform_id
        WHERE t.listed_at IS NULL OR t.listed_at > p.drafted_at
           OR NOT (own.id = above.id OR starts_with(own.code, above.code || '-'))""",
    "plan whose versions do not follow each other": """
        SELECT platform_id, year, version FROM (
            SELECT *, row_number() OVER one AS number, lead(approved_at) OVER one AS next FROM annual_plan
            WINDOW one AS (PARTITION BY platform_id, year ORDER BY version)) AS v
        WHERE version <> number OR superseded_at IS DISTINCT FROM next
           OR NOT (drafted_at <= coalesce(submitted_at, drafted_at)
                   AND submitted_at <= coalesce(approved_at, submitted_at)) """,
    "plan whose items have no order": """
        SELECT plan_id FROM plan_item GROUP BY plan_id HAVING min(position) <> 1 OR max(position) <> count(*)
        UNION ALL SELECT id FROM annual_plan WHERE NOT EXISTS (SELECT FROM plan_item WHERE plan_id = annual_plan.id)""",
    "key topic's session held without the public": """
        SELECT s.id FROM session s JOIN session_topic st ON st.session_id = s.id JOIN topic t ON t.id = st.topic_id
        WHERE s.status = 'HELD' AND t.kind = 'KEY' AND NOT EXISTS (
            SELECT FROM attendance WHERE session_id = s.id AND role IN ('RESIDENT', 'STAKEHOLDER'))""",
    "opinion in no session held, on none of its topics, or of a member who is none": """
        SELECT o.id FROM opinion o JOIN session s ON s.id = o.session_id WHERE s.held_at IS DISTINCT FROM o.at
            OR (o.role = 'MEMBER') <> (o.member_id IS NOT NULL)
            OR o.topic_id NOT IN (SELECT topic_id FROM session_topic WHERE session_id = s.id)""",
    "commitment in a state that its verdicts do not give": """
        SELECT c.id, c.status FROM commitment c LEFT JOIN verdict v ON v.commitment_id = c.id
        GROUP BY c.id HAVING CASE c.status WHEN 'VERIFIED' THEN bool_or(v.fulfilled) IS NOT TRUE
            WHEN 'DISPUTED' THEN bool_or(NOT v.fulfilled) IS NOT TRUE ELSE bool_or(v.fulfilled) IS TRUE END""",
    "verdict before the commitment was done": """
        SELECT id FROM verdict v
        WHERE at < (SELECT min(e.at) FROM evidence e WHERE e.commitment_id = v.commitment_id)""",
    "conversion away from its source or before it": """
        SELECT c.id FROM conversion c JOIN outcome o ON o.id = c.outcome_id JOIN topic t ON t.id = o.topic_id
        WHERE (c.platform_id, c.division_number) <> (t.platform_id, t.division_number) OR c.submitted_on < o.reached_on
        UNION ALL
        SELECT c.id FROM conversion c JOIN opinion o ON o.id = c.opinion_id JOIN session s ON s.id = o.session_id
        WHERE (c.platform_id, c.division_number) <> (s.platform_id, s.division_number)
           OR c.submitted_on < o.at::date OR c.author_id <> o.member_id""",
    "follow-up on a topic that was not begun, or away from it": """
        SELECT f.id FROM follow_up f JOIN topic t ON t.id = f.topic_id
        WHERE t.status NOT IN ('IMPLEMENTING', 'RESOLVED') OR f.division_number <> t.division_number
           OR f.at < t.scheduled_at""",
    "commitment in a state that its reports do not give": """
        SELECT c.id, c.status FROM commitment c LEFT JOIN progress p ON p.commitment_id = c.id
        GROUP BY c.id HAVING CASE
            WHEN c.status IN ('ASSIGNED', 'ACCEPTED', 'DECLINED') THEN count(p.id) > 0
            WHEN c.status = 'IN_PROGRESS' THEN max(p.percent) = 100 AND NOT EXISTS (
                SELECT FROM verdict WHERE commitment_id = c.id AND NOT fulfilled)
            ELSE max(p.percent) IS DISTINCT FROM 100 END""",
    "commitment with a report before it was assigned": """
        SELECT c.id FROM commitment c JOIN progress p ON p.commitment_id = c.id WHERE p.at < c.assigned_at""",
    "finished commitment without evidence": """
        SELECT id FROM commitment c WHERE status IN ('DONE', 'VERIFIED', 'DISPUTED')
            AND NOT EXISTS (SELECT FROM evidence WHERE commitment_id = c.id)""",
    "listed topic without a department": """
        SELECT number FROM topic t WHERE listed_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM involvement WHERE topic_id = t.id)""",
    "part not marked by whether everybody sees its topic": """
        SELECT number FROM topic t JOIN involvement i ON i.topic_id = t.id
        WHERE published <> (listed_at IS NOT NULL)""",
    "agenda with a gap": """
        SELECT session_id FROM session_topic GROUP BY session_id
        HAVING max(position) <> count(*) OR min(position) <> 1""",
    "session on a weekend, a public holiday or at an hour at which nobody meets": """
        SELECT id, scheduled_at FROM (SELECT *, scheduled_at AT TIME ZONE 'Asia/Shanghai' AS local FROM session) AS s
        WHERE extract(isodow FROM local) > 5 OR local::date BETWEEN '2023-01-21' AND '2023-01-27'
           OR local::date BETWEEN '2024-02-10' AND '2024-02-17' OR local::date IN ('2023-04-05', '2024-06-10')
           OR NOT (local::time BETWEEN '09:00' AND '11:30' OR local::time BETWEEN '14:30' AND '17:30'
                   OR local::time = '19:00' AND (SELECT tier FROM platform WHERE id = platform_id) = 'MICRO')""",
    "matter raised at an hour at which nobody speaks up": """
        SELECT id FROM matter WHERE extract(hour FROM raised_at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 7 AND 21""",
    "plan of a year that was not drawn up and approved at its start, but for the launch's": """
        SELECT platform_id, year FROM annual_plan WHERE version = 1 AND year <> 2021 AND NOT (
            drafted_at BETWEEN make_date(year, 1, 7) AND make_date(year, 1, 31)
            AND approved_at BETWEEN drafted_at AND make_date(year, 2, 28))""",
    "session of a key topic that was announced before a plan that has it was approved": """
        SELECT s.id FROM session s JOIN session_topic st ON st.session_id = s.id JOIN topic t ON t.id = st.topic_id
        JOIN LATERAL (SELECT min(recorded_at) AS announced_at FROM (
            SELECT recorded_at FROM session_history WHERE id = s.id UNION ALL SELECT s.recorded_at) AS v) AS v ON true
        WHERE t.kind = 'KEY' AND announced_at < (SELECT min(p.approved_at) FROM plan_item i
            JOIN annual_plan p ON p.id = i.plan_id WHERE i.topic_id = t.id
              AND p.year = extract(year FROM s.scheduled_at AT TIME ZONE 'Asia/Shanghai'))""",
    "commitment of work that is no building, reported as if it were": """
        SELECT c.task, p.note FROM progress p JOIN commitment c ON c.id = p.commitment_id
        WHERE p.note LIKE '施工%' AND c.task ~ '(彩礼|调解|规约|服务$|清淤|整治|保洁|绿化|防范|探访|流转|论证)'""",
    "department that leads what is another's business": """
        SELECT t.title, d.name FROM topic t JOIN involvement i ON i.topic_id = t.id
        JOIN department d ON d.id = i.department_id WHERE i.role = 'LEAD' AND (
            d.kind = 'COURT' AND t.title !~ '纠纷' OR t.title ~ '(农网|供电|电网)' AND d.kind <> 'POWER'
            OR t.title ~ '(彩礼|红白)' AND d.kind <> 'CIVIL_AFFAIRS' OR t.title ~ '饮水|供水' AND d.kind <> 'WATER')""",
    "attendances with a gap, or more than were counted": """
        SELECT session_id FROM attendance JOIN session s ON s.id = session_id GROUP BY session_id, headcount
        HAVING max(position) <> count(*) OR min(position) <> 1 OR count(*) > headcount""",
    "attendance whose name is not the member's": """
        SELECT a.id FROM attendance a LEFT JOIN member m ON m.id = a.member_id WHERE a.name IS DISTINCT FROM m.name
            OR (a.role = 'MEMBER') <> (a.member_id IS NOT NULL)""",
    "session without a topic": """
        SELECT id FROM session s WHERE NOT EXISTS (SELECT FROM session_topic WHERE session_id = s.id)""",
    "ids that do not rise with time": """
        SELECT number FROM (SELECT number, proposed_at, lag(proposed_at) OVER (ORDER BY id) AS before FROM topic) AS t
        WHERE proposed_at < before""",
    "matter away from its platform, or in no order": """
        SELECT m.id FROM matter m JOIN platform p ON p.id = m.platform_id
        WHERE m.division_number <> p.division_number OR m.subject IS NOT NULL
           OR (m.raised_at AT TIME ZONE 'Asia/Shanghai')::date < p.opened_on
           OR m.accepted_at < m.raised_at OR m.answered_at < m.accepted_at""",
    "matter raised after its topic was proposed, at another platform or about something else": """
        SELECT m.id FROM matter m JOIN topic t ON t.id = m.topic_id
        WHERE m.accepted_at > t.proposed_at OR (m.platform_id, m.category) <> (t.platform_id, t.category)
           OR t.status = 'WITHDRAWN'""",
    "matter with a version that its steps do not give": """
        SELECT id, status, version FROM matter
        WHERE NOT version = ANY (CASE status WHEN 'RAISED' THEN ARRAY[1] WHEN 'ACCEPTED' THEN ARRAY[2, 4]
                                             WHEN 'LISTED' THEN ARRAY[3] ELSE ARRAY[3, 5] END)""",
    "topic whose trace does not tell how it stands": """
        SELECT number, status FROM topic t JOIN trace_chain c ON c.topic_id = t.id
        JOIN trace_entry e ON e.chain_id = c.id
        GROUP BY t.id HAVING min(e.at) <> proposed_at
            OR bool_or(e.act = 'topic.listed') <> (listed_at IS NOT NULL)
            OR bool_or(e.act = 'outcome.recorded') <> EXISTS (SELECT FROM outcome WHERE topic_id = t.id)
            OR bool_or(e.act = 'topic.withdrawn') <> (status = 'WITHDRAWN')
            OR count(*) FILTER (WHERE e.act IN ('commitment.verified', 'commitment.disputed')) <> (SELECT count(*)
                FROM verdict JOIN commitment ON commitment.id = commitment_id WHERE commitment.topic_id = t.id)
            OR count(*) FILTER (WHERE e.act = 'followup.recorded') <> (
                SELECT count(*) FROM follow_up WHERE topic_id = t.id)
            OR (count(*) FILTER (WHERE e.act = 'topic.resolved') > count(*) FILTER (WHERE e.act = 'topic.reopened'))
                <> (status = 'RESOLVED')
            OR count(*) FILTER (WHERE e.act = 'session.held') <> (SELECT count(*) FROM session_topic
                JOIN session s ON s.id = session_id WHERE topic_id = t.id AND s.status = 'HELD')""",
    "entry of a trace before the one that it follows": """
        SELECT number FROM (SELECT topic_id, at, lag(at) OVER (PARTITION BY chain_id ORDER BY sequence) AS before
            FROM trace_entry JOIN trace_chain c ON c.id = chain_id) AS e JOIN topic ON topic.id = topic_id
        WHERE at < before""",
    "evidence elsewhere than under the reserved domain": """
        SELECT id FROM evidence WHERE NOT starts_with(url, 'https://shangliang.example/')""",
}


@pytest.mark.parametrize("question", OFFENDERS.values(), ids=OFFENDERS.keys())
async def test_no_row_offends(province: Connection, question: str) -> None:
    assert await province.fetch(f"{question} LIMIT 5") == []


CONSTRAINTS = """
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND convalidated ORDER BY 1
"""
INDEXES = "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


@pytest.mark.parametrize("question", [CONSTRAINTS, INDEXES], ids=["constraints", "indexes"])
async def test_tables_are_as_the_migration_made_them(province: Connection, migrated_url: str, question: str) -> None:
    empty = await asyncpg.connect(migrated_url)
    expected = [row["line"] for row in await empty.fetch(question)]
    await empty.close()

    assert [row["line"] for row in await province.fetch(question)] == expected
    assert len(expected) > 40


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        (
            "topic",
            "status",
            ["DELIBERATED", "IMPLEMENTING", "LISTED", "PROPOSED", "RESOLVED", "SCHEDULED", "WITHDRAWN"],
        ),
        ("session", "status", ["CANCELLED", "HELD", "POSTPONED", "SCHEDULED"]),
        ("session", "form", ["COUNCIL_HALL", "HOUSEHOLD", "ONLINE", "ON_SITE", "OTHER"]),
        (
            "commitment",
            "status",
            ["ACCEPTED", "ASSIGNED", "DECLINED", "DISPUTED", "DONE", "IN_PROGRESS", "VERIFIED"],
        ),
        ("matter", "status", ["ACCEPTED", "ANSWERED", "DECLINED", "LISTED", "RAISED"]),
        ("matter", "nature", ["BLOCKING", "TRIVIAL", "TROUBLESOME", "WORRYING", None]),
        ("matter", "raised_by", ["CADRE", "DEPARTMENT", "MEMBER", "RESIDENT"]),
        ("involvement", "role", ["INFORMED", "LEAD", "SUPPORT"]),
        ("opinion", "role", ["CADRE", "DEPARTMENT", "ENTERPRISE", "MEMBER", "RESIDENT", "STAKEHOLDER"]),
        ("conversion", "kind", ["PROPOSAL", "SOCIAL_OPINION_REPORT", "SUGGESTION"]),
        ("conversion", "filed", [False, True, None]),
        ("verdict", "fulfilled", [False, True]),
        ("follow_up", "score", [2, 3, 4, 5]),
    ],
)
async def test_every_value_occurs(province: Connection, table: str, column: str, values: list[str | None]) -> None:
    question = f'SELECT {column} FROM {table} GROUP BY {column} ORDER BY {column}::text COLLATE "C"'

    assert [row[column] for row in await province.fetch(question)] == values
