-- What operators do to notices, and what the log is read and pruned by.

ALTER TABLE delivery
    ADD COLUMN replays INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN replayed_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN skipped_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN skipped_by VARCHAR,
    ADD COLUMN skip_reason VARCHAR;

-- The default was for the rows that were there.
ALTER TABLE delivery
    ALTER COLUMN replays DROP DEFAULT,
    ADD CONSTRAINT ck_delivery_replays_have_instant
        CHECK (replays >= 0 AND (replays > 0) = (replayed_at IS NOT NULL)),
    ADD CONSTRAINT ck_delivery_skipped_has_instant CHECK ((status = 'SKIPPED') = (skipped_at IS NOT NULL)),
    ADD CONSTRAINT ck_delivery_skip_has_reason
        CHECK ((skipped_at IS NOT NULL) = (skip_reason IS NOT NULL) AND length(btrim(skip_reason)) BETWEEN 1 AND 500);

CREATE INDEX ix_event_occurred_at ON event (occurred_at, id);
