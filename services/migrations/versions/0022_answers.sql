-- Who answered before is told by the trace: a topic's answers and its entries of them have one order.

ALTER TABLE follow_up
    ADD COLUMN channel VARCHAR(40),
    ADD COLUMN subject VARCHAR,
    ADD COLUMN recorded_by VARCHAR,
    ADD COLUMN respondent VARCHAR,
    ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE follow_up DISABLE TRIGGER USER;
UPDATE follow_up SET recorded_at = at;
WITH answer AS (
    SELECT id, topic_id, row_number() OVER (PARTITION BY topic_id ORDER BY at, id) AS place FROM follow_up
), told AS (
    SELECT chain.topic_id, entry.actor, entry.actor_role,
           row_number() OVER (PARTITION BY chain.topic_id ORDER BY entry.sequence) AS place
    FROM trace_chain AS chain JOIN trace_entry AS entry ON entry.chain_id = chain.id
    WHERE entry.act = 'followup.recorded'
)
UPDATE follow_up SET
    subject = CASE WHEN told.actor_role = 'RESIDENT' THEN told.actor END,
    recorded_by = CASE WHEN told.actor_role IN ('CADRE', 'SECRETARIAT') THEN told.actor_role END
FROM answer JOIN told USING (topic_id, place) WHERE answer.id = follow_up.id;
-- Residents answer as the public alone.
UPDATE follow_up SET recorded_by = 'CADRE', subject = NULL
WHERE role NOT IN ('RESIDENT', 'STAKEHOLDER') AND recorded_by IS NULL;
UPDATE follow_up SET channel = CASE WHEN recorded_by IS NULL THEN 'ONLINE' ELSE 'OTHER' END;
ALTER TABLE follow_up ENABLE TRIGGER USER;

-- Of those who answered more than once the last answer stands.
CREATE TABLE follow_up_history (LIKE follow_up, replaced_at TIMESTAMP WITH TIME ZONE NOT NULL);
INSERT INTO follow_up_history
SELECT * FROM (
    SELECT follow_up.*, lead(at) OVER (PARTITION BY topic_id, subject ORDER BY at, id) AS replaced_at
    FROM follow_up WHERE subject IS NOT NULL
) AS answer WHERE replaced_at > at;
-- What is deleted is counted now: a table with rows that wait for that cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
DELETE FROM follow_up WHERE EXISTS (
    SELECT FROM follow_up AS later WHERE later.topic_id = follow_up.topic_id AND later.subject = follow_up.subject
    AND (later.at, later.id) > (follow_up.at, follow_up.id)
);
SET CONSTRAINTS ALL DEFERRED;

ALTER TABLE follow_up
    ALTER COLUMN channel SET NOT NULL,
    ALTER COLUMN recorded_at SET NOT NULL,
    ADD CONSTRAINT ck_follow_up_channel CHECK (channel IN ('ONLINE', 'TELEPHONE', 'VISIT', 'MEETING', 'OTHER')),
    ADD CONSTRAINT ck_follow_up_respondent_length CHECK (length(btrim(respondent)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_follow_up_recorded_by CHECK (recorded_by IN ('CADRE', 'SECRETARIAT')),
    ADD CONSTRAINT ck_follow_up_recorded_by_staff CHECK ((channel = 'ONLINE') = (recorded_by IS NULL)),
    ADD CONSTRAINT ck_follow_up_own_has_subject CHECK (subject IS NULL OR recorded_by IS NULL),
    ADD CONSTRAINT ck_follow_up_recorded_has_respondent CHECK (respondent IS NULL OR recorded_by IS NOT NULL),
    ADD CONSTRAINT uq_follow_up_topic_id_subject UNIQUE (topic_id, subject),
    ADD CONSTRAINT uq_follow_up_topic_id_respondent UNIQUE (topic_id, respondent);
ALTER TABLE follow_up_history
    ALTER COLUMN channel SET NOT NULL,
    ALTER COLUMN recorded_at SET NOT NULL,
    ADD CONSTRAINT pk_follow_up_history PRIMARY KEY (id, recorded_at),
    ADD CONSTRAINT ck_follow_up_history_replaced_after_recorded CHECK (replaced_at > recorded_at);
CREATE INDEX ix_follow_up_history_topic_id ON follow_up_history (topic_id);
CREATE INDEX ix_follow_up_history_division_number ON follow_up_history (division_number);
SELECT define_as_of('follow_up');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON follow_up
    FOR EACH ROW EXECUTE FUNCTION keep_history();

-- Nobody is two members of one committee: the one seated first stays linked.
UPDATE member SET subject = NULL WHERE EXISTS (
    SELECT FROM member AS first WHERE first.committee_id = member.committee_id AND first.subject = member.subject
    AND first.id < member.id
);
ALTER TABLE member ADD CONSTRAINT uq_member_committee_id_subject UNIQUE (committee_id, subject);
-- Who speaks as a member is looked up by it.
CREATE INDEX ix_member_subject ON member (subject);
