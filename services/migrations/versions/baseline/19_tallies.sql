-- Counts by the year, the month and the day for each county, city and province.
-- Counting comes with the commit, so that writers of a province wait for each other no longer than that, and under the
-- province's lock, so that no two can wait for each other's rows.

CREATE TABLE resolution_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    days INTEGER NOT NULL,
    topics BIGINT NOT NULL,
    CONSTRAINT pk_resolution_tally PRIMARY KEY (division_number, unit, starts_on, days)
);

CREATE TABLE due_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    due_on DATE NOT NULL,
    commitments BIGINT NOT NULL,
    CONSTRAINT pk_due_tally PRIMARY KEY (division_number, unit, starts_on, due_on)
);

CREATE TABLE platform_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    tier VARCHAR NOT NULL,
    opened BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    CONSTRAINT pk_platform_tally PRIMARY KEY (division_number, unit, starts_on, tier)
);

CREATE FUNCTION county_of(number BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
    SELECT number / 1000000 * 1000000
$$;
-- The county, the city and the province that a division lies in, or is.
CREATE FUNCTION places_of(number BIGINT) RETURNS SETOF BIGINT LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT number / size * size FROM (VALUES (1000000), (100000000), (10000000000)) AS level(size)
$$;
-- The year, the month and the day that a day lies in, each by its first day.
CREATE FUNCTION units_of(day DATE) RETURNS TABLE (unit VARCHAR, starts_on DATE) LANGUAGE sql IMMUTABLE AS $$
    SELECT unit, date_trunc(unit, day::timestamp)::date FROM (VALUES ('YEAR'), ('MONTH'), ('DAY')) AS units(unit)
$$;
CREATE FUNCTION lock_tallies(number BIGINT) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtext('tallies'), (number / 10000000000)::int)
$$;

-- The day that a topic was listed on, and how many days it took from there to its resolution.
CREATE FUNCTION resolution_of(counted topic, OUT day DATE, OUT days INTEGER) LANGUAGE sql IMMUTABLE AS $$
    SELECT (counted.listed_at AT TIME ZONE 'Asia/Shanghai')::date,
           (counted.resolved_at AT TIME ZONE 'Asia/Shanghai')::date
           - (counted.listed_at AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION add_resolution(counted topic, sign INTEGER) RETURNS void LANGUAGE sql AS $$
    SELECT lock_tallies(counted.division_number);
    INSERT INTO resolution_tally
    SELECT place, unit, starts_on, days, sign
    FROM resolution_of(counted) CROSS JOIN places_of(counted.division_number) AS place
    CROSS JOIN LATERAL units_of(day)
    ON CONFLICT ON CONSTRAINT pk_resolution_tally DO UPDATE SET topics = resolution_tally.topics + EXCLUDED.topics
$$;
CREATE FUNCTION keep_resolution_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.resolved_at IS NOT NULL THEN PERFORM add_resolution(OLD, -1); END IF;
    IF TG_OP <> 'DELETE' AND NEW.resolved_at IS NOT NULL THEN PERFORM add_resolution(NEW, 1); END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER keep_resolution_tally
    AFTER INSERT OR UPDATE OF division_number, listed_at, resolved_at OR DELETE ON topic DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION keep_resolution_tally();

-- The day that a commitment was assigned on, and the last day for it while it is to be fulfilled.
CREATE FUNCTION due_of(counted commitment, OUT day DATE, OUT due_on DATE) LANGUAGE sql IMMUTABLE AS $$
    SELECT (counted.assigned_at AT TIME ZONE 'Asia/Shanghai')::date,
           CASE WHEN counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED', 'WITHDRAWN') THEN counted.due_on END
$$;
CREATE FUNCTION add_due(counted commitment, sign INTEGER) RETURNS void LANGUAGE sql AS $$
    SELECT lock_tallies(counted.division_number);
    INSERT INTO due_tally
    SELECT place, unit, starts_on, due_on, sign
    FROM due_of(counted) CROSS JOIN places_of(counted.division_number) AS place
    CROSS JOIN LATERAL units_of(day)
    WHERE due_on IS NOT NULL
    ON CONFLICT ON CONSTRAINT pk_due_tally DO UPDATE SET commitments = due_tally.commitments + EXCLUDED.commitments
$$;
CREATE FUNCTION keep_due_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.division_number, due_of(OLD)) IS NOT DISTINCT FROM (NEW.division_number, due_of(NEW)) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM add_due(OLD, -1); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM add_due(NEW, 1); END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER keep_due_tally
    AFTER INSERT OR UPDATE OF division_number, assigned_at, due_on, status OR DELETE ON commitment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_due_tally();

-- A platform that nobody knows the first day of was always there.
CREATE FUNCTION add_platform(counted platform, sign INTEGER) RETURNS void LANGUAGE sql AS $$
    SELECT lock_tallies(counted.division_number);
    INSERT INTO platform_tally
    SELECT place, unit, starts_on, counted.tier, sign * sum(opened), sign * sum(closed)
    FROM places_of(counted.division_number) AS place
    CROSS JOIN (VALUES (coalesce(counted.opened_on, '-infinity'), 1, 0), (counted.closed_on, 0, 1)) AS changed(day, opened, closed)
    CROSS JOIN LATERAL units_of(day)
    WHERE day IS NOT NULL
    GROUP BY place, unit, starts_on
    ON CONFLICT ON CONSTRAINT pk_platform_tally
    DO UPDATE SET opened = platform_tally.opened + EXCLUDED.opened, closed = platform_tally.closed + EXCLUDED.closed
$$;
CREATE FUNCTION keep_platform_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM add_platform(OLD, -1); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM add_platform(NEW, 1); END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER keep_platform_tally
    AFTER INSERT OR UPDATE OF division_number, tier, opened_on, closed_on OR DELETE ON platform
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_platform_tally();

-- The sums of what rows add: one row of a place tells of all beneath it.
CREATE TABLE tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    topics_key BIGINT NOT NULL,
    topics_micro BIGINT NOT NULL,
    status_proposed BIGINT NOT NULL,
    status_listed BIGINT NOT NULL,
    status_scheduled BIGINT NOT NULL,
    status_deliberated BIGINT NOT NULL,
    status_implementing BIGINT NOT NULL,
    status_resolved BIGINT NOT NULL,
    status_withdrawn BIGINT NOT NULL,
    category_economy BIGINT NOT NULL,
    category_business_environment BIGINT NOT NULL,
    category_culture_tourism BIGINT NOT NULL,
    category_old_neighbourhoods BIGINT NOT NULL,
    category_greening BIGINT NOT NULL,
    category_sanitation BIGINT NOT NULL,
    category_parking BIGINT NOT NULL,
    category_streets BIGINT NOT NULL,
    category_rural_revitalization BIGINT NOT NULL,
    category_water_power BIGINT NOT NULL,
    category_roads BIGINT NOT NULL,
    category_safety BIGINT NOT NULL,
    category_other BIGINT NOT NULL,
    sessions_held BIGINT NOT NULL,
    attendances BIGINT NOT NULL,
    sessions_uncertain BIGINT NOT NULL,
    outcomes BIGINT NOT NULL,
    commitments BIGINT NOT NULL,
    commitments_done BIGINT NOT NULL,
    commitments_verified BIGINT NOT NULL,
    conversions_suggestion BIGINT NOT NULL,
    conversions_proposal BIGINT NOT NULL,
    conversions_social_opinion_report BIGINT NOT NULL,
    follow_ups BIGINT NOT NULL,
    satisfaction_score BIGINT NOT NULL,
    CONSTRAINT pk_tally PRIMARY KEY (division_number, unit, starts_on)
);

CREATE FUNCTION keep_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before tally;
    after tally;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := tally_of(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := tally_of(NEW); END IF;
    IF before IS DISTINCT FROM after THEN
        PERFORM lock_tallies(coalesce(after.division_number, before.division_number));
        IF before.division_number IS NOT NULL THEN
            PERFORM add_tally(before.division_number, before.starts_on, -1, before);
        END IF;
        IF after.division_number IS NOT NULL THEN
            PERFORM add_tally(after.division_number, after.starts_on, 1, after);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- Which tables' rows are counted, at which day, and where. What each counter counts of a row, where it is not 0.
CREATE TEMPORARY TABLE counted_table (place INTEGER, name TEXT, day TEXT, condition TEXT) ON COMMIT DROP;
INSERT INTO counted_table VALUES
    (1, 'topic', $$(counted.listed_at AT TIME ZONE 'Asia/Shanghai')::date$$, 'counted.listed_at IS NOT NULL'),
    (2, 'session', $$(counted.held_at AT TIME ZONE 'Asia/Shanghai')::date$$, $$counted.status = 'HELD'$$),
    (3, 'outcome', 'counted.reached_on', 'true'),
    (4, 'commitment', $$(counted.assigned_at AT TIME ZONE 'Asia/Shanghai')::date$$, 'true'),
    (5, 'conversion', 'counted.submitted_on', 'true'),
    (6, 'follow_up', $$(counted.at AT TIME ZONE 'Asia/Shanghai')::date$$, 'true');
CREATE TEMPORARY TABLE counter (source TEXT, name TEXT, value TEXT) ON COMMIT DROP;
INSERT INTO counter VALUES
    ('session', 'sessions_held', '1'),
    ('session', 'attendances', 'coalesce(counted.headcount, 0)'),
    ('session', 'sessions_uncertain', '(counted.headcount IS NULL OR counted.headcount_is_lower_bound)::int'),
    ('outcome', 'outcomes', '1'),
    ('commitment', 'commitments', '1'),
    ('commitment', 'commitments_done', $$(counted.status IN ('DONE', 'VERIFIED'))::int$$),
    ('commitment', 'commitments_verified', $$(counted.status = 'VERIFIED')::int$$),
    ('follow_up', 'follow_ups', '1'),
    ('follow_up', 'satisfaction_score', 'counted.score');
INSERT INTO counter
SELECT source, prefix || '_' || lower(value), format('(counted.%I = %L)::int', attribute, value)
FROM (VALUES
    ('topic', 'kind', 'topics', '{KEY, MICRO}'::TEXT[]),
    ('topic', 'status', 'status',
        '{PROPOSED, LISTED, SCHEDULED, DELIBERATED, IMPLEMENTING, RESOLVED, WITHDRAWN}'),
    ('topic', 'category', 'category',
        '{ECONOMY, BUSINESS_ENVIRONMENT, CULTURE_TOURISM, OLD_NEIGHBOURHOODS, GREENING, SANITATION, PARKING, STREETS,
          RURAL_REVITALIZATION, WATER_POWER, ROADS, SAFETY, OTHER}'),
    ('conversion', 'kind', 'conversions', '{SUGGESTION, PROPOSAL, SOCIAL_OPINION_REPORT}')
) AS flags(source, attribute, prefix, kinds) CROSS JOIN unnest(kinds) AS value;

-- For each table the function that tells what a row adds, with its trigger. Over all counters: adding, counting anew.
DO $$
DECLARE
    counters TEXT;
    signed TEXT;
    added TEXT;
    sums TEXT;
    named_sums TEXT;
    counted RECORD;
    row_adds TEXT;
    rows_add TEXT;
BEGIN
    SELECT string_agg(attname, ', ' ORDER BY attnum),
           string_agg('sign * counted.' || attname, ', ' ORDER BY attnum),
           string_agg(format('%1$s = tally.%1$s + EXCLUDED.%1$s', attname), ', ' ORDER BY attnum),
           string_agg(format('sum(%s)', attname), ', ' ORDER BY attnum),
           string_agg(format('sum(%1$s) AS %1$s', attname), ', ' ORDER BY attnum)
    INTO counters, signed, added, sums, named_sums
    FROM pg_attribute WHERE attrelid = 'tally'::regclass AND attnum > 3;

    EXECUTE format($body$
CREATE FUNCTION add_tally(county_number BIGINT, day DATE, sign INTEGER, counted tally) RETURNS void LANGUAGE sql AS '
    INSERT INTO tally
    SELECT place, unit, starts_on, %s
    FROM places_of(county_number) AS place CROSS JOIN units_of(day)
    ON CONFLICT ON CONSTRAINT pk_tally DO UPDATE SET %s
'$body$, signed, added);

    FOR counted IN SELECT * FROM counted_table ORDER BY place LOOP
        SELECT format('SELECT county_of(counted.division_number) AS county_number, %s AS day, ', counted.day)
               || string_agg(format('%s AS %s', coalesce(value, '0'), attname), ', ' ORDER BY attnum)
        INTO row_adds
        FROM pg_attribute LEFT JOIN counter ON counter.name = attname AND source = counted.name
        WHERE attrelid = 'tally'::regclass AND attnum > 3;
        rows_add := concat_ws(
            ' UNION ALL ', rows_add, format('%s FROM %I AS counted WHERE %s', row_adds, counted.name, counted.condition)
        );
        EXECUTE format($body$
            CREATE FUNCTION tally_of(counted %I) RETURNS tally LANGUAGE sql STABLE AS %L
        $body$, counted.name, format($body$
    SELECT county_number, 'DAY', day, %s FROM (%s WHERE %s) AS added
$body$, counters, row_adds, counted.condition));
        EXECUTE format($body$
            CREATE CONSTRAINT TRIGGER keep_tally AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION keep_tally()
        $body$, counted.name);
    END LOOP;

    EXECUTE format($body$
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE sql AS %L$body$, format($body$
    DELETE FROM tally;
    INSERT INTO tally
    SELECT place, unit, starts_on, %s
    FROM (SELECT county_number, day, %s FROM (%s) AS added GROUP BY 1, 2) AS daily
    CROSS JOIN LATERAL places_of(county_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3;

    DELETE FROM resolution_tally;
    INSERT INTO resolution_tally
    SELECT place, unit, starts_on, days, count(*)
    FROM (SELECT division_number, (resolution_of(topic)).* FROM topic WHERE resolved_at IS NOT NULL) AS resolved
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3, 4;

    DELETE FROM due_tally;
    INSERT INTO due_tally
    SELECT place, unit, starts_on, due_on, count(*)
    FROM (SELECT division_number, (due_of(commitment)).* FROM commitment) AS due
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    WHERE due_on IS NOT NULL GROUP BY 1, 2, 3, 4;

    DELETE FROM platform_tally;
    INSERT INTO platform_tally
    SELECT place, unit, starts_on, tier, sum(opened), sum(closed)
    FROM (
        SELECT division_number, tier, coalesce(opened_on, '-infinity') AS day, 1 AS opened, 0 AS closed FROM platform
        UNION ALL SELECT division_number, tier, closed_on, 0, 1 FROM platform WHERE closed_on IS NOT NULL
    ) AS changed
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3, 4
$body$, sums, named_sums, rows_add));
END
$$;
