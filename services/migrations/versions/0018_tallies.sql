-- Counting comes with the commit, so that writers of a province wait for each other no longer than that, and under the
-- province's lock, so that no two can wait for each other's rows.

CREATE TABLE resolution_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    days INTEGER NOT NULL,
    topics INTEGER NOT NULL,
    CONSTRAINT pk_resolution_tally PRIMARY KEY (division_number, unit, starts_on, days)
);
CREATE TABLE due_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    due_on DATE NOT NULL,
    commitments INTEGER NOT NULL,
    CONSTRAINT pk_due_tally PRIMARY KEY (division_number, unit, starts_on, due_on)
);
CREATE TABLE platform_tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    tier VARCHAR NOT NULL,
    opened INTEGER NOT NULL,
    closed INTEGER NOT NULL,
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
           CASE WHEN counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED') THEN counted.due_on END
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
