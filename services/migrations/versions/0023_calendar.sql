-- When the next session of a topic begins and when it is scheduled for. What outcomes were.

ALTER TABLE topic ADD COLUMN next_session_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE topic_history ADD COLUMN next_session_at TIMESTAMP WITH TIME ZONE;

-- What was said wrongly is put right as if it had always been so. Nothing of this is counted.
ALTER TABLE topic DISABLE TRIGGER USER;
UPDATE topic SET next_session_at = settled.next_at, scheduled_at = coalesce(settled.next_at, settled.last_at)
FROM (
    SELECT topic.id,
        min(session.scheduled_at) FILTER (WHERE session.status = 'SCHEDULED' AND withdrawn_at IS NULL) AS next_at,
        (array_agg(session.scheduled_at ORDER BY session.held_at DESC, session.scheduled_at DESC)
            FILTER (WHERE session.held_at <= coalesce(withdrawn_at, 'infinity')))[1] AS last_at
    FROM topic
    LEFT JOIN session_topic ON session_topic.topic_id = topic.id
    LEFT JOIN session ON session.id = session_topic.session_id
    GROUP BY topic.id
) AS settled
WHERE settled.id = topic.id
  AND (topic.scheduled_at, topic.next_session_at)
      IS DISTINCT FROM (coalesce(settled.next_at, settled.last_at), settled.next_at);
ALTER TABLE topic ENABLE TRIGGER USER;

ALTER TABLE topic ADD CONSTRAINT ck_topic_scheduled_for_next_session
    CHECK (next_session_at IS NULL OR scheduled_at IS NOT DISTINCT FROM next_session_at);
SELECT define_as_of('topic');

ALTER TABLE outcome ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE outcome DISABLE TRIGGER USER;
UPDATE outcome SET recorded_at = least(
    to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0), now()
);
ALTER TABLE outcome ENABLE TRIGGER USER;
ALTER TABLE outcome ALTER COLUMN recorded_at SET NOT NULL;

CREATE TABLE outcome_history (
    LIKE outcome,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_outcome_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_outcome_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_outcome_history_topic_id ON outcome_history (topic_id);
CREATE INDEX ix_outcome_history_session_id ON outcome_history (session_id);
CREATE INDEX ix_outcome_history_division_number ON outcome_history (division_number);
SELECT define_as_of('outcome');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON outcome
    FOR EACH ROW EXECUTE FUNCTION keep_history();
