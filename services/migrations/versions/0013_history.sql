-- The former versions of what changes in the course of a consultation, and what each table was at an instant.

-- The one instant of a transaction's changes: that of the first of them, so that it comes after whatever the
-- transaction had to wait for. A test or an import may say another before.
CREATE FUNCTION recording_instant() RETURNS TIMESTAMP WITH TIME ZONE LANGUAGE plpgsql AS $$
DECLARE
    told TEXT := current_setting('shangliang.recording_instant', true);
BEGIN
    IF coalesce(told, '') = '' THEN
        told := set_config('shangliang.recording_instant', clock_timestamp()::text, true);
    END IF;
    RETURN told::timestamptz;
END
$$;

-- Changes of one transaction make one version. The arguments are columns whose change makes none.
CREATE FUNCTION keep_history() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    instant TIMESTAMP WITH TIME ZONE := recording_instant();
    beside TEXT[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_at := instant;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.recorded_at := OLD.recorded_at;
        IF to_jsonb(NEW) - beside = to_jsonb(OLD) - beside THEN
            RETURN NEW;
        END IF;
        NEW.recorded_at := greatest(instant, OLD.recorded_at);
    END IF;
    IF instant > OLD.recorded_at THEN
        EXECUTE format('INSERT INTO %1$I SELECT * FROM jsonb_populate_record(NULL::%1$I, $1)', TG_TABLE_NAME || '_history')
        USING to_jsonb(OLD) || jsonb_build_object('replaced_at', instant);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

-- Gives a table the function NAME_as_of(instant), a query that the planner opens up. What is asked of the versions
-- stands outside their union: only so the planner looks them up by the indexes of either table. To be called again
-- when the table and its history have got another column.
CREATE FUNCTION define_as_of(name TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns TEXT := (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped
    );
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION %1$I(instant TIMESTAMP WITH TIME ZONE) RETURNS SETOF %2$I LANGUAGE sql STABLE AS '
        '''SELECT %4$s FROM (SELECT %4$s, ''''infinity''''::timestamptz AS replaced_at FROM %2$I '
        'UNION ALL SELECT %4$s, replaced_at FROM %3$I) AS version '
        'WHERE recorded_at <= instant AND replaced_at > instant''',
        name || '_as_of', name, name || '_history', columns
    );
END
$$;

-- What was changed before there was a history is told as if it had always been as it is. Triggers are for changes.
ALTER TABLE topic ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE topic DISABLE TRIGGER USER;
UPDATE topic SET recorded_at = proposed_at;
ALTER TABLE topic ENABLE TRIGGER USER;
ALTER TABLE topic ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE platform ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE platform DISABLE TRIGGER USER;
UPDATE platform SET recorded_at = least(
    opened_on::timestamp AT TIME ZONE 'Asia/Shanghai',
    (SELECT min(proposed_at) FROM topic WHERE topic.platform_id = platform.id),
    (SELECT min(raised_at) FROM matter WHERE matter.platform_id = platform.id),
    now()
);
ALTER TABLE platform ENABLE TRIGGER USER;
ALTER TABLE platform ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE matter ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE matter DISABLE TRIGGER USER;
UPDATE matter SET recorded_at = raised_at;
ALTER TABLE matter ENABLE TRIGGER USER;
ALTER TABLE matter ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE annual_plan ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE annual_plan DISABLE TRIGGER USER;
UPDATE annual_plan SET recorded_at = drafted_at;
ALTER TABLE annual_plan ENABLE TRIGGER USER;
ALTER TABLE annual_plan ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE plan_item ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE plan_item DISABLE TRIGGER USER;
UPDATE plan_item SET recorded_at = (SELECT drafted_at FROM annual_plan WHERE annual_plan.id = plan_item.plan_id);
ALTER TABLE plan_item ENABLE TRIGGER USER;
ALTER TABLE plan_item ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE session ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE session DISABLE TRIGGER USER;
UPDATE session SET recorded_at = least(
    to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0), scheduled_at, held_at, now()
);
ALTER TABLE session ENABLE TRIGGER USER;
ALTER TABLE session ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE commitment ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE commitment DISABLE TRIGGER USER;
UPDATE commitment SET recorded_at = assigned_at;
ALTER TABLE commitment ENABLE TRIGGER USER;
ALTER TABLE commitment ALTER COLUMN recorded_at SET NOT NULL;
ALTER TABLE conversion ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE conversion DISABLE TRIGGER USER;
UPDATE conversion SET recorded_at = least(submitted_on::timestamp AT TIME ZONE 'Asia/Shanghai', now());
ALTER TABLE conversion ENABLE TRIGGER USER;
ALTER TABLE conversion ALTER COLUMN recorded_at SET NOT NULL;

CREATE TABLE topic_history (
    LIKE topic,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_topic_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_topic_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_topic_history_number ON topic_history (number);
CREATE INDEX ix_topic_history_platform_id ON topic_history (platform_id);
CREATE INDEX ix_topic_history_division_number ON topic_history (division_number);
SELECT define_as_of('topic');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON topic
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE platform_history (
    LIKE platform,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_platform_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_platform_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
SELECT define_as_of('platform');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON platform
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE matter_history (
    LIKE matter,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_matter_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_matter_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_matter_history_topic_id ON matter_history (topic_id);
CREATE INDEX ix_matter_history_platform_id ON matter_history (platform_id);
CREATE INDEX ix_matter_history_division_number ON matter_history (division_number);
SELECT define_as_of('matter');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON matter
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE annual_plan_history (
    LIKE annual_plan,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_annual_plan_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_annual_plan_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_annual_plan_history_platform_id ON annual_plan_history (platform_id);
SELECT define_as_of('annual_plan');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON annual_plan
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE plan_item_history (
    LIKE plan_item,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_plan_item_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_plan_item_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_plan_item_history_plan_id ON plan_item_history (plan_id);
CREATE INDEX ix_plan_item_history_topic_id ON plan_item_history (topic_id);
SELECT define_as_of('plan_item');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON plan_item
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE session_history (
    LIKE session,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_session_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_session_history_platform_id ON session_history (platform_id);
CREATE INDEX ix_session_history_division_number ON session_history (division_number);
SELECT define_as_of('session');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON session
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE commitment_history (
    LIKE commitment,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_commitment_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_commitment_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_commitment_history_outcome_id ON commitment_history (outcome_id);
CREATE INDEX ix_commitment_history_topic_id ON commitment_history (topic_id);
CREATE INDEX ix_commitment_history_department_id ON commitment_history (department_id);
CREATE INDEX ix_commitment_history_division_number ON commitment_history (division_number);
SELECT define_as_of('commitment');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON commitment
    FOR EACH ROW EXECUTE FUNCTION keep_history('due_told', 'overdue_told');

CREATE TABLE conversion_history (
    LIKE conversion,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_conversion_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_conversion_history_replaced_after_recorded CHECK (replaced_at > recorded_at)
);
CREATE INDEX ix_conversion_history_outcome_id ON conversion_history (outcome_id);
CREATE INDEX ix_conversion_history_opinion_id ON conversion_history (opinion_id);
CREATE INDEX ix_conversion_history_platform_id ON conversion_history (platform_id);
CREATE INDEX ix_conversion_history_division_number ON conversion_history (division_number);
SELECT define_as_of('conversion');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON conversion
    FOR EACH ROW EXECUTE FUNCTION keep_history();

-- Departments that were released count again where it is read as things stood.
CREATE INDEX ix_involvement_topic_id ON involvement (topic_id);
