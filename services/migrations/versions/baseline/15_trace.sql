-- Chains of acts: one for each topic and each matter. What stands in the trace is never changed.

CREATE TABLE trace_chain (
    id UUID CONSTRAINT pk_trace_chain PRIMARY KEY,
    topic_id UUID CONSTRAINT uq_trace_chain_topic_id UNIQUE CONSTRAINT fk_trace_chain_topic_id REFERENCES topic (id),
    matter_id UUID
        CONSTRAINT uq_trace_chain_matter_id UNIQUE
        CONSTRAINT fk_trace_chain_matter_id REFERENCES matter (id),
    last_sequence INTEGER NOT NULL CONSTRAINT ck_trace_chain_last_sequence_not_negative CHECK (last_sequence >= 0),
    last_hash BYTEA NOT NULL CONSTRAINT ck_trace_chain_last_hash_size CHECK (octet_length(last_hash) = 32),
    CONSTRAINT ck_trace_chain_one_subject CHECK (num_nonnulls(topic_id, matter_id) = 1)
);

CREATE TABLE trace_entry (
    id UUID CONSTRAINT pk_trace_entry PRIMARY KEY,
    chain_id UUID NOT NULL CONSTRAINT fk_trace_entry_chain_id REFERENCES trace_chain (id),
    sequence INTEGER NOT NULL CONSTRAINT ck_trace_entry_sequence_positive CHECK (sequence >= 1),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_trace_entry_at_bound CHECK (in_range(at)),
    act VARCHAR NOT NULL,
    actor VARCHAR,
    actor_role VARCHAR NOT NULL,
    subject_kind VARCHAR,
    subject_id UUID,
    summary VARCHAR NOT NULL CONSTRAINT ck_trace_entry_summary_length CHECK (length(summary) BETWEEN 1 AND 500),
    evidence JSONB NOT NULL CONSTRAINT ck_trace_entry_evidence_list CHECK (jsonb_typeof(evidence) = 'array'),
    previous_hash BYTEA NOT NULL CONSTRAINT ck_trace_entry_previous_hash_size CHECK (octet_length(previous_hash) = 32),
    hash BYTEA NOT NULL CONSTRAINT ck_trace_entry_hash_size CHECK (octet_length(hash) = 32),
    CONSTRAINT uq_trace_entry_chain_id_sequence UNIQUE (chain_id, sequence),
    CONSTRAINT ck_trace_entry_subject_whole CHECK (num_nonnulls(subject_kind, subject_id) <> 1)
);

CREATE FUNCTION trace_is_append_only() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING
        CONSTRAINT = 'trace_is_append_only', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %I: the trace is append-only', TG_OP, TG_TABLE_NAME);
END
$$;

CREATE FUNCTION trace_chain_goes_forward() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.topic_id, NEW.matter_id) IS DISTINCT FROM (OLD.id, OLD.topic_id, OLD.matter_id)
        OR NOT (NEW.last_sequence = OLD.last_sequence + 1
                OR (NEW.last_sequence = OLD.last_sequence AND NEW.last_hash = OLD.last_hash)) THEN
        RAISE restrict_violation USING
            CONSTRAINT = 'trace_chain_goes_forward', TABLE = TG_TABLE_NAME,
            MESSAGE = 'a chain of the trace goes forward by one entry at a time';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER trace_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trace_is_append_only();
CREATE TRIGGER trace_is_append_only BEFORE DELETE OR TRUNCATE ON trace_chain
    FOR EACH STATEMENT EXECUTE FUNCTION trace_is_append_only();
CREATE TRIGGER trace_chain_goes_forward BEFORE UPDATE ON trace_chain
    FOR EACH ROW EXECUTE FUNCTION trace_chain_goes_forward();
