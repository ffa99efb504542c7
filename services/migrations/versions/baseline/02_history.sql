-- The former versions of what changes in the course of a consultation, and what each table was at an instant.
-- Beside a table with a history stand TABLE_history, the function TABLE_as_of and the trigger keep_history.

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
