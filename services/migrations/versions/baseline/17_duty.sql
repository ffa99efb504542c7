-- Members' duty: published schemes, which nothing changes, and what members' years come to under them.

CREATE TABLE duty_scheme (
    id UUID CONSTRAINT pk_duty_scheme PRIMARY KEY,
    committee_id UUID NOT NULL CONSTRAINT fk_duty_scheme_committee_id REFERENCES committee (id),
    name VARCHAR NOT NULL CONSTRAINT ck_duty_scheme_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    version INTEGER NOT NULL CONSTRAINT ck_duty_scheme_version_positive CHECK (version >= 1),
    first_year INTEGER NOT NULL,
    last_year INTEGER,
    cap NUMERIC(10, 2) CONSTRAINT ck_duty_scheme_cap_bound CHECK (cap BETWEEN 0.01 AND 100000),
    published_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_duty_scheme_published_at_bound CHECK (in_range(published_at)),
    CONSTRAINT uq_duty_scheme_committee_id_name_version UNIQUE (committee_id, name, version),
    CONSTRAINT ck_duty_scheme_first_year_range CHECK (first_year BETWEEN 1949 AND 9999),
    CONSTRAINT ck_duty_scheme_last_year_range CHECK (last_year BETWEEN first_year AND 9999)
);

CREATE TABLE duty_rule (
    id UUID CONSTRAINT pk_duty_rule PRIMARY KEY,
    scheme_id UUID NOT NULL CONSTRAINT fk_duty_rule_scheme_id REFERENCES duty_scheme (id),
    act VARCHAR(40) NOT NULL
        CONSTRAINT ck_duty_rule_act CHECK (
            act IN ('ATTENDED', 'OPINION', 'OPINION_CONVERTED', 'PROPOSAL_FILED', 'ACTIVITY')
        ),
    points NUMERIC(10, 2) NOT NULL CONSTRAINT ck_duty_rule_points_bound CHECK (points BETWEEN 0.01 AND 100000),
    cap NUMERIC(10, 2) CONSTRAINT ck_duty_rule_cap_bound CHECK (cap BETWEEN 0.01 AND 100000),
    CONSTRAINT uq_duty_rule_scheme_id_act UNIQUE (scheme_id, act)
);

CREATE TABLE duty_grade (
    id UUID CONSTRAINT pk_duty_grade PRIMARY KEY,
    scheme_id UUID NOT NULL CONSTRAINT fk_duty_grade_scheme_id REFERENCES duty_scheme (id),
    name VARCHAR NOT NULL CONSTRAINT ck_duty_grade_name_bound CHECK (length(name) BETWEEN 1 AND 40 AND is_line(name)),
    threshold NUMERIC(10, 2) NOT NULL CONSTRAINT ck_duty_grade_threshold_bound CHECK (threshold BETWEEN 0 AND 100000),
    CONSTRAINT uq_duty_grade_scheme_id_name UNIQUE (scheme_id, name),
    CONSTRAINT uq_duty_grade_scheme_id_threshold UNIQUE (scheme_id, threshold)
);

CREATE TABLE duty_assessment (
    id UUID CONSTRAINT pk_duty_assessment PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_duty_assessment_member_id REFERENCES member (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_duty_assessment_division_number REFERENCES division (number),
    year INTEGER NOT NULL,
    scheme_id UUID NOT NULL CONSTRAINT fk_duty_assessment_scheme_id REFERENCES duty_scheme (id),
    points NUMERIC(10, 2) NOT NULL CONSTRAINT ck_duty_assessment_points_not_negative CHECK (points >= 0),
    grade VARCHAR,
    assessed_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_duty_assessment_assessed_at_bound CHECK (in_range(assessed_at)),
    superseded_at TIMESTAMP WITH TIME ZONE
        CONSTRAINT ck_duty_assessment_superseded_at_bound CHECK (in_range(superseded_at))
);
CREATE INDEX ix_duty_assessment_member_id ON duty_assessment (member_id, year);
CREATE INDEX ix_duty_assessment_scheme_id ON duty_assessment (scheme_id);
CREATE UNIQUE INDEX uq_duty_assessment_current ON duty_assessment (member_id, year) WHERE superseded_at IS NULL;

CREATE TABLE duty_record (
    id UUID CONSTRAINT pk_duty_record PRIMARY KEY,
    assessment_id UUID NOT NULL CONSTRAINT fk_duty_record_assessment_id REFERENCES duty_assessment (id),
    member_id UUID NOT NULL CONSTRAINT fk_duty_record_member_id REFERENCES member (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_duty_record_division_number REFERENCES division (number),
    act VARCHAR(40) NOT NULL
        CONSTRAINT ck_duty_record_act CHECK (
            act IN ('ATTENDED', 'OPINION', 'OPINION_CONVERTED', 'PROPOSAL_FILED', 'ACTIVITY')
        ),
    acted_on DATE NOT NULL CONSTRAINT ck_duty_record_acted_on_bound CHECK (in_range(acted_on)),
    points NUMERIC(10, 2) NOT NULL CONSTRAINT ck_duty_record_points_not_negative CHECK (points >= 0),
    session_id UUID CONSTRAINT fk_duty_record_session_id REFERENCES session (id),
    opinion_id UUID CONSTRAINT fk_duty_record_opinion_id REFERENCES opinion (id),
    conversion_id UUID CONSTRAINT fk_duty_record_conversion_id REFERENCES conversion (id),
    activity_id UUID CONSTRAINT fk_duty_record_activity_id REFERENCES activity (id),
    CONSTRAINT ck_duty_record_one_source CHECK (num_nonnulls(session_id, opinion_id, conversion_id, activity_id) = 1),
    CONSTRAINT ck_duty_record_source_of_act CHECK (
        CASE act WHEN 'ATTENDED' THEN session_id WHEN 'OPINION' THEN opinion_id WHEN 'ACTIVITY' THEN activity_id ELSE
        conversion_id END IS NOT NULL
    )
);
CREATE INDEX ix_duty_record_assessment_id ON duty_record (assessment_id, acted_on, id);
CREATE INDEX ix_duty_record_member_id ON duty_record (member_id, acted_on, id);

CREATE FUNCTION duty_scheme_is_frozen() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING
        CONSTRAINT = 'duty_scheme_is_frozen', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %I: a published scheme is frozen', TG_OP, TG_TABLE_NAME);
END
$$;

CREATE TRIGGER duty_scheme_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_scheme
    FOR EACH STATEMENT EXECUTE FUNCTION duty_scheme_is_frozen();
CREATE TRIGGER duty_scheme_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_rule
    FOR EACH STATEMENT EXECUTE FUNCTION duty_scheme_is_frozen();
CREATE TRIGGER duty_scheme_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_grade
    FOR EACH STATEMENT EXECUTE FUNCTION duty_scheme_is_frozen();
