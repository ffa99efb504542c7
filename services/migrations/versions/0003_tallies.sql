CREATE TABLE installation_key (
    name VARCHAR NOT NULL,
    key BYTEA NOT NULL,
    CONSTRAINT pk_installation_key PRIMARY KEY (name)
);
INSERT INTO installation_key (name, key)
VALUES ('cursor', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

ALTER TABLE topic ADD CONSTRAINT ck_topic_number_form CHECK (number ~ '^[A-Z0-9-]+$');
ALTER TABLE platform ADD CONSTRAINT ck_platform_code_form CHECK (code ~ '^[A-Z0-9-]+$');
CREATE INDEX ix_topic_unpublished ON topic (division_number) WHERE listed_at IS NULL;
CREATE INDEX ix_commitment_open ON commitment (division_number, due_on) WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED';
CREATE INDEX ix_commitment_open_due_on ON commitment (due_on, division_number) WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED';

CREATE TABLE county_tally (
    county_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
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
    CONSTRAINT pk_county_tally PRIMARY KEY (county_number, year)
);
CREATE TABLE platform_tally (
    county_number BIGINT NOT NULL,
    tier VARCHAR NOT NULL,
    platforms INTEGER NOT NULL,
    CONSTRAINT pk_platform_tally PRIMARY KEY (county_number, tier)
);
CREATE TABLE due_tally (
    county_number BIGINT NOT NULL,
    month DATE NOT NULL,
    commitments INTEGER NOT NULL,
    CONSTRAINT pk_due_tally PRIMARY KEY (county_number, month)
);

CREATE FUNCTION county_of(division_number BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
    SELECT division_number / 1000000 * 1000000
$$;
CREATE FUNCTION china_year(instant TIMESTAMP WITH TIME ZONE) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS $$
    SELECT extract(year FROM instant AT TIME ZONE 'Asia/Shanghai')::int
$$;

CREATE FUNCTION tally_of(counted topic) RETURNS county_tally LANGUAGE sql STABLE AS $$
    SELECT county_of(counted.division_number), china_year(counted.listed_at),
           (counted.kind = 'KEY')::int::bigint AS topics_key,
           (counted.kind = 'MICRO')::int::bigint AS topics_micro,
           (counted.status = 'PROPOSED')::int::bigint AS status_proposed,
           (counted.status = 'LISTED')::int::bigint AS status_listed,
           (counted.status = 'SCHEDULED')::int::bigint AS status_scheduled,
           (counted.status = 'DELIBERATED')::int::bigint AS status_deliberated,
           (counted.status = 'IMPLEMENTING')::int::bigint AS status_implementing,
           (counted.status = 'RESOLVED')::int::bigint AS status_resolved,
           (counted.status = 'WITHDRAWN')::int::bigint AS status_withdrawn,
           (counted.category = 'ECONOMY')::int::bigint AS category_economy,
           (counted.category = 'BUSINESS_ENVIRONMENT')::int::bigint AS category_business_environment,
           (counted.category = 'CULTURE_TOURISM')::int::bigint AS category_culture_tourism,
           (counted.category = 'OLD_NEIGHBOURHOODS')::int::bigint AS category_old_neighbourhoods,
           (counted.category = 'GREENING')::int::bigint AS category_greening,
           (counted.category = 'SANITATION')::int::bigint AS category_sanitation,
           (counted.category = 'PARKING')::int::bigint AS category_parking,
           (counted.category = 'STREETS')::int::bigint AS category_streets,
           (counted.category = 'RURAL_REVITALIZATION')::int::bigint AS category_rural_revitalization,
           (counted.category = 'WATER_POWER')::int::bigint AS category_water_power,
           (counted.category = 'ROADS')::int::bigint AS category_roads,
           (counted.category = 'SAFETY')::int::bigint AS category_safety,
           (counted.category = 'OTHER')::int::bigint AS category_other,
           0::bigint AS sessions_held,
           0::bigint AS attendances,
           0::bigint AS sessions_uncertain,
           0::bigint AS outcomes,
           0::bigint AS commitments,
           0::bigint AS commitments_done,
           0::bigint AS commitments_verified
    WHERE counted.listed_at IS NOT NULL
$$;

CREATE FUNCTION tally_of(counted session) RETURNS county_tally LANGUAGE sql STABLE AS $$
    SELECT county_of(counted.division_number), china_year(counted.held_at),
           0::bigint AS topics_key,
           0::bigint AS topics_micro,
           0::bigint AS status_proposed,
           0::bigint AS status_listed,
           0::bigint AS status_scheduled,
           0::bigint AS status_deliberated,
           0::bigint AS status_implementing,
           0::bigint AS status_resolved,
           0::bigint AS status_withdrawn,
           0::bigint AS category_economy,
           0::bigint AS category_business_environment,
           0::bigint AS category_culture_tourism,
           0::bigint AS category_old_neighbourhoods,
           0::bigint AS category_greening,
           0::bigint AS category_sanitation,
           0::bigint AS category_parking,
           0::bigint AS category_streets,
           0::bigint AS category_rural_revitalization,
           0::bigint AS category_water_power,
           0::bigint AS category_roads,
           0::bigint AS category_safety,
           0::bigint AS category_other,
           1::bigint AS sessions_held,
           coalesce(counted.headcount, 0)::bigint AS attendances,
           (counted.headcount IS NULL OR counted.headcount_is_lower_bound)::int::bigint AS sessions_uncertain,
           0::bigint AS outcomes,
           0::bigint AS commitments,
           0::bigint AS commitments_done,
           0::bigint AS commitments_verified
    WHERE counted.status = 'HELD'
$$;

CREATE FUNCTION tally_of(counted outcome) RETURNS county_tally LANGUAGE sql STABLE AS $$
    SELECT county_of(counted.division_number), extract(year FROM counted.reached_on)::int,
           0::bigint AS topics_key,
           0::bigint AS topics_micro,
           0::bigint AS status_proposed,
           0::bigint AS status_listed,
           0::bigint AS status_scheduled,
           0::bigint AS status_deliberated,
           0::bigint AS status_implementing,
           0::bigint AS status_resolved,
           0::bigint AS status_withdrawn,
           0::bigint AS category_economy,
           0::bigint AS category_business_environment,
           0::bigint AS category_culture_tourism,
           0::bigint AS category_old_neighbourhoods,
           0::bigint AS category_greening,
           0::bigint AS category_sanitation,
           0::bigint AS category_parking,
           0::bigint AS category_streets,
           0::bigint AS category_rural_revitalization,
           0::bigint AS category_water_power,
           0::bigint AS category_roads,
           0::bigint AS category_safety,
           0::bigint AS category_other,
           0::bigint AS sessions_held,
           0::bigint AS attendances,
           0::bigint AS sessions_uncertain,
           1::bigint AS outcomes,
           0::bigint AS commitments,
           0::bigint AS commitments_done,
           0::bigint AS commitments_verified
    WHERE true
$$;

CREATE FUNCTION tally_of(counted commitment) RETURNS county_tally LANGUAGE sql STABLE AS $$
    SELECT county_of(counted.division_number), china_year(counted.assigned_at),
           0::bigint AS topics_key,
           0::bigint AS topics_micro,
           0::bigint AS status_proposed,
           0::bigint AS status_listed,
           0::bigint AS status_scheduled,
           0::bigint AS status_deliberated,
           0::bigint AS status_implementing,
           0::bigint AS status_resolved,
           0::bigint AS status_withdrawn,
           0::bigint AS category_economy,
           0::bigint AS category_business_environment,
           0::bigint AS category_culture_tourism,
           0::bigint AS category_old_neighbourhoods,
           0::bigint AS category_greening,
           0::bigint AS category_sanitation,
           0::bigint AS category_parking,
           0::bigint AS category_streets,
           0::bigint AS category_rural_revitalization,
           0::bigint AS category_water_power,
           0::bigint AS category_roads,
           0::bigint AS category_safety,
           0::bigint AS category_other,
           0::bigint AS sessions_held,
           0::bigint AS attendances,
           0::bigint AS sessions_uncertain,
           0::bigint AS outcomes,
           1::bigint AS commitments,
           (counted.status IN ('DONE', 'VERIFIED'))::int::bigint AS commitments_done,
           (counted.status = 'VERIFIED')::int::bigint AS commitments_verified
    WHERE true
$$;

CREATE FUNCTION add_tally(counted county_tally, sign INTEGER) RETURNS void LANGUAGE sql AS $$
    INSERT INTO county_tally VALUES (
        counted.county_number, counted.year,
        sign * counted.topics_key,
        sign * counted.topics_micro,
        sign * counted.status_proposed,
        sign * counted.status_listed,
        sign * counted.status_scheduled,
        sign * counted.status_deliberated,
        sign * counted.status_implementing,
        sign * counted.status_resolved,
        sign * counted.status_withdrawn,
        sign * counted.category_economy,
        sign * counted.category_business_environment,
        sign * counted.category_culture_tourism,
        sign * counted.category_old_neighbourhoods,
        sign * counted.category_greening,
        sign * counted.category_sanitation,
        sign * counted.category_parking,
        sign * counted.category_streets,
        sign * counted.category_rural_revitalization,
        sign * counted.category_water_power,
        sign * counted.category_roads,
        sign * counted.category_safety,
        sign * counted.category_other,
        sign * counted.sessions_held,
        sign * counted.attendances,
        sign * counted.sessions_uncertain,
        sign * counted.outcomes,
        sign * counted.commitments,
        sign * counted.commitments_done,
        sign * counted.commitments_verified
    )
    ON CONFLICT ON CONSTRAINT pk_county_tally DO UPDATE SET
        topics_key = county_tally.topics_key + EXCLUDED.topics_key,
        topics_micro = county_tally.topics_micro + EXCLUDED.topics_micro,
        status_proposed = county_tally.status_proposed + EXCLUDED.status_proposed,
        status_listed = county_tally.status_listed + EXCLUDED.status_listed,
        status_scheduled = county_tally.status_scheduled + EXCLUDED.status_scheduled,
        status_deliberated = county_tally.status_deliberated + EXCLUDED.status_deliberated,
        status_implementing = county_tally.status_implementing + EXCLUDED.status_implementing,
        status_resolved = county_tally.status_resolved + EXCLUDED.status_resolved,
        status_withdrawn = county_tally.status_withdrawn + EXCLUDED.status_withdrawn,
        category_economy = county_tally.category_economy + EXCLUDED.category_economy,
        category_business_environment = county_tally.category_business_environment + EXCLUDED.category_business_environment,
        category_culture_tourism = county_tally.category_culture_tourism + EXCLUDED.category_culture_tourism,
        category_old_neighbourhoods = county_tally.category_old_neighbourhoods + EXCLUDED.category_old_neighbourhoods,
        category_greening = county_tally.category_greening + EXCLUDED.category_greening,
        category_sanitation = county_tally.category_sanitation + EXCLUDED.category_sanitation,
        category_parking = county_tally.category_parking + EXCLUDED.category_parking,
        category_streets = county_tally.category_streets + EXCLUDED.category_streets,
        category_rural_revitalization = county_tally.category_rural_revitalization + EXCLUDED.category_rural_revitalization,
        category_water_power = county_tally.category_water_power + EXCLUDED.category_water_power,
        category_roads = county_tally.category_roads + EXCLUDED.category_roads,
        category_safety = county_tally.category_safety + EXCLUDED.category_safety,
        category_other = county_tally.category_other + EXCLUDED.category_other,
        sessions_held = county_tally.sessions_held + EXCLUDED.sessions_held,
        attendances = county_tally.attendances + EXCLUDED.attendances,
        sessions_uncertain = county_tally.sessions_uncertain + EXCLUDED.sessions_uncertain,
        outcomes = county_tally.outcomes + EXCLUDED.outcomes,
        commitments = county_tally.commitments + EXCLUDED.commitments,
        commitments_done = county_tally.commitments_done + EXCLUDED.commitments_done,
        commitments_verified = county_tally.commitments_verified + EXCLUDED.commitments_verified
$$;
CREATE FUNCTION keep_county_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before county_tally;
    after county_tally;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := tally_of(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := tally_of(NEW); END IF;
    IF before IS DISTINCT FROM after THEN
        IF before.county_number IS NOT NULL THEN PERFORM add_tally(before, -1); END IF;
        IF after.county_number IS NOT NULL THEN PERFORM add_tally(after, 1); END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION keep_platform_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE platform_tally SET platforms = platforms - 1
        WHERE county_number = county_of(OLD.division_number) AND tier = OLD.tier;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO platform_tally VALUES (county_of(NEW.division_number), NEW.tier, 1)
        ON CONFLICT ON CONSTRAINT pk_platform_tally DO UPDATE SET platforms = platform_tally.platforms + 1;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION due_month_of(counted commitment) RETURNS DATE LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', counted.due_on::timestamp)::date
    WHERE counted.status NOT IN ('DONE', 'VERIFIED', 'DECLINED')
$$;
CREATE FUNCTION keep_due_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND due_month_of(OLD) IS NOT NULL THEN
        UPDATE due_tally SET commitments = commitments - 1
        WHERE county_number = county_of(OLD.division_number) AND month = due_month_of(OLD);
    END IF;
    IF TG_OP <> 'DELETE' AND due_month_of(NEW) IS NOT NULL THEN
        INSERT INTO due_tally VALUES (county_of(NEW.division_number), due_month_of(NEW), 1)
        ON CONFLICT ON CONSTRAINT pk_due_tally DO UPDATE SET commitments = due_tally.commitments + 1;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE sql AS $$
    DELETE FROM county_tally;
    INSERT INTO county_tally
    SELECT counted.county_number, counted.year,
           sum(counted.topics_key),
           sum(counted.topics_micro),
           sum(counted.status_proposed),
           sum(counted.status_listed),
           sum(counted.status_scheduled),
           sum(counted.status_deliberated),
           sum(counted.status_implementing),
           sum(counted.status_resolved),
           sum(counted.status_withdrawn),
           sum(counted.category_economy),
           sum(counted.category_business_environment),
           sum(counted.category_culture_tourism),
           sum(counted.category_old_neighbourhoods),
           sum(counted.category_greening),
           sum(counted.category_sanitation),
           sum(counted.category_parking),
           sum(counted.category_streets),
           sum(counted.category_rural_revitalization),
           sum(counted.category_water_power),
           sum(counted.category_roads),
           sum(counted.category_safety),
           sum(counted.category_other),
           sum(counted.sessions_held),
           sum(counted.attendances),
           sum(counted.sessions_uncertain),
           sum(counted.outcomes),
           sum(counted.commitments),
           sum(counted.commitments_done),
           sum(counted.commitments_verified)
    FROM (
        SELECT counted.* FROM topic CROSS JOIN LATERAL tally_of(topic) AS counted
        UNION ALL SELECT counted.* FROM session CROSS JOIN LATERAL tally_of(session) AS counted
        UNION ALL SELECT counted.* FROM outcome CROSS JOIN LATERAL tally_of(outcome) AS counted
        UNION ALL SELECT counted.* FROM commitment CROSS JOIN LATERAL tally_of(commitment) AS counted
    ) AS counted
    WHERE counted.county_number IS NOT NULL
    GROUP BY counted.county_number, counted.year;
    DELETE FROM platform_tally;
    INSERT INTO platform_tally
    SELECT county_of(division_number), tier, count(*) FROM platform GROUP BY 1, 2;
    DELETE FROM due_tally;
    INSERT INTO due_tally
    SELECT county_of(division_number), due_month_of(commitment), count(*) FROM commitment
    WHERE due_month_of(commitment) IS NOT NULL GROUP BY 1, 2
$$;
CREATE TRIGGER keep_county_tally AFTER INSERT OR UPDATE OR DELETE ON topic
    FOR EACH ROW EXECUTE FUNCTION keep_county_tally();
CREATE TRIGGER keep_county_tally AFTER INSERT OR UPDATE OR DELETE ON session
    FOR EACH ROW EXECUTE FUNCTION keep_county_tally();
CREATE TRIGGER keep_county_tally AFTER INSERT OR UPDATE OR DELETE ON outcome
    FOR EACH ROW EXECUTE FUNCTION keep_county_tally();
CREATE TRIGGER keep_county_tally AFTER INSERT OR UPDATE OR DELETE ON commitment
    FOR EACH ROW EXECUTE FUNCTION keep_county_tally();
CREATE TRIGGER keep_due_tally AFTER INSERT OR UPDATE OF division_number, due_on, status OR DELETE ON commitment
    FOR EACH ROW EXECUTE FUNCTION keep_due_tally();
CREATE TRIGGER keep_platform_tally AFTER INSERT OR UPDATE OF division_number, tier OR DELETE ON platform
    FOR EACH ROW EXECUTE FUNCTION keep_platform_tally();
SELECT recount_tallies();
