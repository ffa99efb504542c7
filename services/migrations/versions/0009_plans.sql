-- One row for each version of a platform's plan for a year, and the topics in it.

CREATE TABLE annual_plan (
    id UUID NOT NULL,
    platform_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    status VARCHAR(40) NOT NULL,
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    submitted_by VARCHAR,
    approved_at TIMESTAMP WITH TIME ZONE,
    approving_body VARCHAR,
    return_reason VARCHAR,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_annual_plan PRIMARY KEY (id),
    CONSTRAINT ck_annual_plan_year_range CHECK (year BETWEEN 2000 AND 2100),
    CONSTRAINT ck_annual_plan_version_positive CHECK (version >= 1),
    CONSTRAINT ck_annual_plan_revision_positive CHECK (revision >= 1),
    CONSTRAINT ck_annual_plan_submitted_has_instant CHECK (
        (status <> 'DRAFT') = (submitted_at IS NOT NULL AND submitted_by IS NOT NULL)
    ),
    CONSTRAINT ck_annual_plan_approved_has_body CHECK (
        (status = 'APPROVED') = (approved_at IS NOT NULL AND approving_body IS NOT NULL)
    ),
    CONSTRAINT ck_annual_plan_approving_body_length CHECK (length(btrim(approving_body)) BETWEEN 1 AND 200),
    CONSTRAINT ck_annual_plan_returned_has_reason CHECK (status <> 'RETURNED' OR return_reason IS NOT NULL),
    CONSTRAINT ck_annual_plan_return_reason_length CHECK (length(btrim(return_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT ck_annual_plan_only_approved_superseded CHECK (superseded_at IS NULL OR status = 'APPROVED'),
    CONSTRAINT uq_annual_plan_platform_id_year_version UNIQUE (platform_id, year, version),
    CONSTRAINT fk_annual_plan_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_annual_plan_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT ck_annual_plan_status CHECK (status IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'RETURNED'))
);

CREATE UNIQUE INDEX uq_annual_plan_in_force ON annual_plan (platform_id, year)
    WHERE status = 'APPROVED' AND superseded_at IS NULL;

CREATE UNIQUE INDEX uq_annual_plan_open ON annual_plan (platform_id, year)
    WHERE status <> 'APPROVED';

CREATE TABLE plan_item (
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    topic_id UUID NOT NULL,
    position INTEGER NOT NULL,
    quarter INTEGER,
    CONSTRAINT pk_plan_item PRIMARY KEY (id),
    CONSTRAINT ck_plan_item_position_positive CHECK (position >= 1),
    CONSTRAINT ck_plan_item_quarter_range CHECK (quarter BETWEEN 1 AND 4),
    CONSTRAINT uq_plan_item_plan_id_topic_id UNIQUE (plan_id, topic_id),
    CONSTRAINT uq_plan_item_plan_id_position UNIQUE (plan_id, position) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT fk_plan_item_plan_id FOREIGN KEY(plan_id) REFERENCES annual_plan (id),
    CONSTRAINT fk_plan_item_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id)
);

CREATE INDEX ix_plan_item_topic_id ON plan_item (topic_id, plan_id);

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
