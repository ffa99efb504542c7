-- When a department was reminded of what it has not answered, and when the operators were told.

ALTER TABLE delivery
    ADD COLUMN reminded_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN alerted_at TIMESTAMP WITH TIME ZONE;

-- Nobody is reminded of what was sent before there were reminders.
UPDATE delivery SET reminded_at = now(), alerted_at = now() WHERE status = 'CONFIRMED' AND receipt IS NULL;

CREATE INDEX ix_delivery_unanswered ON delivery (confirmed_at)
    WHERE status = 'CONFIRMED' AND receipt IS NULL AND alerted_at IS NULL;
