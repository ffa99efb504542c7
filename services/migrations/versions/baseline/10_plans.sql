-- One row for each version of a platform's plan for a year, and the topics in it.

CREATE TABLE annual_plan (
    id UUID CONSTRAINT pk_annual_plan PRIMARY KEY,
    platform_id UUID NOT NULL CONSTRAINT fk_annual_plan_platform_id REFERENCES platform (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_annual_plan_division_number REFERENCES division (number),
    year INTEGER NOT NULL CONSTRAINT ck_annual_plan_year_bound CHECK (year BETWEEN 2000 AND 2100),
    version INTEGER NOT NULL CONSTRAINT ck_annual_plan_version_positive CHECK (version >= 1),
    revision INTEGER NOT NULL CONSTRAINT ck_annual_plan_revision_positive CHECK (revision >= 1),
    status VARCHAR(40) NOT NULL
        CONSTRAINT ck_annual_plan_status CHECK (status IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'RETURNED')),
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_annual_plan_drafted_at_bound CHECK (in_range(drafted_at)),
    submitted_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_annual_plan_submitted_at_bound CHECK (in_range(submitted_at)),
    submitted_by VARCHAR,
    approved_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_annual_plan_approved_at_bound CHECK (in_range(approved_at)),
    approving_body VARCHAR
        CONSTRAINT ck_annual_plan_approving_body_bound CHECK (
            length(approving_body) BETWEEN 1 AND 200 AND is_line(approving_body)
        ),
    return_reason VARCHAR
        CONSTRAINT ck_annual_plan_return_reason_bound CHECK (
            length(return_reason) BETWEEN 1 AND 2000 AND is_prose(return_reason)
        ),
    superseded_at TIMESTAMP WITH TIME ZONE
        CONSTRAINT ck_annual_plan_superseded_at_bound CHECK (in_range(superseded_at)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_annual_plan_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT uq_annual_plan_platform_id_year_version UNIQUE (platform_id, year, version),
    CONSTRAINT ck_annual_plan_approved_has_body CHECK (
        (status = 'APPROVED') = (approved_at IS NOT NULL AND approving_body IS NOT NULL)
    ),
    CONSTRAINT ck_annual_plan_only_approved_superseded CHECK (superseded_at IS NULL OR status = 'APPROVED'),
    CONSTRAINT ck_annual_plan_returned_has_reason CHECK (status <> 'RETURNED' OR return_reason IS NOT NULL),
    CONSTRAINT ck_annual_plan_submitted_has_instant CHECK (
        (status <> 'DRAFT') = (submitted_at IS NOT NULL AND submitted_by IS NOT NULL)
    )
);
CREATE UNIQUE INDEX uq_annual_plan_in_force ON annual_plan (platform_id, year)
    WHERE status = 'APPROVED' AND superseded_at IS NULL;
CREATE UNIQUE INDEX uq_annual_plan_open ON annual_plan (platform_id, year) WHERE status <> 'APPROVED';

CREATE TABLE annual_plan_history (
    LIKE annual_plan,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_annual_plan_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_annual_plan_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_annual_plan_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_annual_plan_history_drafted_at_bound CHECK (in_range(drafted_at)),
    CONSTRAINT ck_annual_plan_history_submitted_at_bound CHECK (in_range(submitted_at)),
    CONSTRAINT ck_annual_plan_history_approved_at_bound CHECK (in_range(approved_at)),
    CONSTRAINT ck_annual_plan_history_superseded_at_bound CHECK (in_range(superseded_at)),
    CONSTRAINT ck_annual_plan_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_annual_plan_history_platform_id ON annual_plan_history (platform_id);
SELECT define_as_of('annual_plan');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON annual_plan
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE plan_item (
    id UUID CONSTRAINT pk_plan_item PRIMARY KEY,
    plan_id UUID NOT NULL CONSTRAINT fk_plan_item_plan_id REFERENCES annual_plan (id),
    topic_id UUID NOT NULL CONSTRAINT fk_plan_item_topic_id REFERENCES topic (id),
    position INTEGER NOT NULL CONSTRAINT ck_plan_item_position_positive CHECK (position >= 1),
    quarter INTEGER CONSTRAINT ck_plan_item_quarter_bound CHECK (quarter BETWEEN 1 AND 4),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_plan_item_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT uq_plan_item_plan_id_position UNIQUE (plan_id, position) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT uq_plan_item_plan_id_topic_id UNIQUE (plan_id, topic_id)
);
CREATE INDEX ix_plan_item_topic_id ON plan_item (topic_id, plan_id);

CREATE TABLE plan_item_history (
    LIKE plan_item,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_plan_item_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_plan_item_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_plan_item_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_plan_item_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_plan_item_history_plan_id ON plan_item_history (plan_id);
CREATE INDEX ix_plan_item_history_topic_id ON plan_item_history (topic_id);
SELECT define_as_of('plan_item');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON plan_item
    FOR EACH ROW EXECUTE FUNCTION keep_history();

-- The commands refuse this first. Whoever changes rows by hand meets it here.
CREATE FUNCTION keep_approved_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beside TEXT[] := '{superseded_at, recorded_at}';
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - beside <> to_jsonb(OLD) - beside THEN
        RAISE EXCEPTION 'An approved version of a plan does not change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER annual_plan_frozen AFTER UPDATE OR DELETE ON annual_plan
    FOR EACH ROW WHEN (OLD.status = 'APPROVED') EXECUTE FUNCTION keep_approved_plan();

CREATE FUNCTION keep_plan_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM annual_plan WHERE id IN (NEW.plan_id, OLD.plan_id) AND status <> 'DRAFT') THEN
        RAISE EXCEPTION 'The items of a plan change only while it is a draft.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER plan_item_frozen AFTER INSERT OR UPDATE OR DELETE ON plan_item
    FOR EACH ROW EXECUTE FUNCTION keep_plan_items();
