-- The due dates that departments were told are near, and that they were told are past.

ALTER TABLE commitment
    ADD COLUMN due_told DATE,
    ADD COLUMN overdue_told DATE;

-- Nobody is told of what is past or is due within the usual week at this moment. Nothing of this is counted.
ALTER TABLE commitment DISABLE TRIGGER USER;
UPDATE commitment SET
    due_told = due_on,
    overdue_told = CASE WHEN due_on < (now() AT TIME ZONE 'Asia/Shanghai')::date THEN due_on END
WHERE due_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date + 7;
ALTER TABLE commitment ENABLE TRIGGER USER;

CREATE INDEX ix_commitment_to_tell ON commitment (due_on)
    WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED' AND overdue_told IS DISTINCT FROM due_on;
