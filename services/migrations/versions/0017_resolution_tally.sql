-- How many topics took how many days from listing to resolution: a median is found among days, not among topics.

CREATE TABLE resolution_tally (
    division_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
    days INTEGER NOT NULL,
    topics INTEGER NOT NULL,
    CONSTRAINT pk_resolution_tally PRIMARY KEY (division_number, year, days)
);

-- The county, the city and the province that a division lies in, or is.
CREATE FUNCTION places_of(number BIGINT) RETURNS SETOF BIGINT LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT number / size * size FROM (VALUES (1000000), (100000000), (10000000000)) AS level(size) ORDER BY 1
$$;
CREATE FUNCTION days_to_resolve(counted topic) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS $$
    SELECT (counted.resolved_at AT TIME ZONE 'Asia/Shanghai')::date
           - (counted.listed_at AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION add_resolution(counted topic, sign INTEGER) RETURNS void LANGUAGE sql AS $$
    INSERT INTO resolution_tally
    SELECT place, china_year(counted.listed_at), days_to_resolve(counted), sign
    FROM places_of(counted.division_number) AS place
    ON CONFLICT ON CONSTRAINT pk_resolution_tally DO UPDATE SET topics = resolution_tally.topics + EXCLUDED.topics
$$;
CREATE FUNCTION keep_resolution_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND days_to_resolve(OLD) IS NOT NULL THEN PERFORM add_resolution(OLD, -1); END IF;
    IF TG_OP <> 'DELETE' AND days_to_resolve(NEW) IS NOT NULL THEN PERFORM add_resolution(NEW, 1); END IF;
    RETURN NULL;
END
$$;

-- What was counted before is counted as before, and this beside it.
ALTER FUNCTION recount_tallies() RENAME TO recount_county_tallies;
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE sql AS $$
    SELECT recount_county_tallies();
    DELETE FROM resolution_tally;
    INSERT INTO resolution_tally
    SELECT place, china_year(listed_at), days_to_resolve(topic), count(*)
    FROM topic CROSS JOIN LATERAL places_of(division_number) AS place
    WHERE days_to_resolve(topic) IS NOT NULL GROUP BY 1, 2, 3
$$;
CREATE TRIGGER keep_resolution_tally AFTER INSERT OR UPDATE OF division_number, listed_at, resolved_at OR DELETE
    ON topic FOR EACH ROW EXECUTE FUNCTION keep_resolution_tally();
SELECT recount_tallies();
