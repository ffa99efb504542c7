-- When the lead department of a topic was told that the minutes of its session are missing.

ALTER TABLE session_topic ADD COLUMN overdue_told_at TIMESTAMP WITH TIME ZONE;

-- Nobody is told of what is overdue at this moment. Nothing of this is counted.
ALTER TABLE session_topic DISABLE TRIGGER USER;
UPDATE session_topic SET overdue_told_at = now() FROM session
WHERE session.id = session_topic.session_id AND session.held_at IS NOT NULL AND session.minutes IS NULL;
ALTER TABLE session_topic ENABLE TRIGGER USER;

CREATE INDEX ix_session_without_minutes ON session (held_at) WHERE held_at IS NOT NULL AND minutes IS NULL;
