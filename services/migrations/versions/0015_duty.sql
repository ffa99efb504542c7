-- Members' duty: published schemes, which nothing changes, and what members' years come to under them.

CREATE TABLE duty_scheme (
    id UUID NOT NULL,
    committee_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    first_year INTEGER NOT NULL,
    last_year INTEGER,
    cap NUMERIC(10, 2),
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_duty_scheme PRIMARY KEY (id),
    CONSTRAINT uq_duty_scheme_committee_id_name_version UNIQUE (committee_id, name, version),
    CONSTRAINT ck_duty_scheme_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    CONSTRAINT ck_duty_scheme_version_positive CHECK (version >= 1),
    CONSTRAINT ck_duty_scheme_first_year_range CHECK (first_year BETWEEN 1949 AND 9999),
    CONSTRAINT ck_duty_scheme_last_year_range CHECK (last_year BETWEEN first_year AND 9999),
    CONSTRAINT ck_duty_scheme_cap_positive CHECK (cap > 0),
    CONSTRAINT fk_duty_scheme_committee_id FOREIGN KEY (committee_id) REFERENCES committee (id)
);

CREATE TABLE duty_rule (
    id UUID NOT NULL,
    scheme_id UUID NOT NULL,
    act VARCHAR(40) NOT NULL,
    points NUMERIC(10, 2) NOT NULL,
    cap NUMERIC(10, 2),
    CONSTRAINT pk_duty_rule PRIMARY KEY (id),
    CONSTRAINT uq_duty_rule_scheme_id_act UNIQUE (scheme_id, act),
    CONSTRAINT ck_duty_rule_act
        CHECK (act IN ('ATTENDED', 'OPINION', 'OPINION_CONVERTED', 'PROPOSAL_FILED', 'ACTIVITY')),
    CONSTRAINT ck_duty_rule_points_positive CHECK (points > 0),
    CONSTRAINT ck_duty_rule_cap_positive CHECK (cap > 0),
    CONSTRAINT fk_duty_rule_scheme_id FOREIGN KEY (scheme_id) REFERENCES duty_scheme (id)
);

CREATE TABLE duty_grade (
    id UUID NOT NULL,
    scheme_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    threshold NUMERIC(10, 2) NOT NULL,
    CONSTRAINT pk_duty_grade PRIMARY KEY (id),
    CONSTRAINT uq_duty_grade_scheme_id_name UNIQUE (scheme_id, name),
    CONSTRAINT uq_duty_grade_scheme_id_threshold UNIQUE (scheme_id, threshold),
    CONSTRAINT ck_duty_grade_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 40),
    CONSTRAINT ck_duty_grade_threshold_not_negative CHECK (threshold >= 0),
    CONSTRAINT fk_duty_grade_scheme_id FOREIGN KEY (scheme_id) REFERENCES duty_scheme (id)
);

CREATE TABLE duty_assessment (
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
    scheme_id UUID NOT NULL,
    points NUMERIC(10, 2) NOT NULL,
    grade VARCHAR,
    assessed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_duty_assessment PRIMARY KEY (id),
    CONSTRAINT ck_duty_assessment_points_not_negative CHECK (points >= 0),
    CONSTRAINT fk_duty_assessment_member_id FOREIGN KEY (member_id) REFERENCES member (id),
    CONSTRAINT fk_duty_assessment_division_number FOREIGN KEY (division_number) REFERENCES division (number),
    CONSTRAINT fk_duty_assessment_scheme_id FOREIGN KEY (scheme_id) REFERENCES duty_scheme (id)
);
CREATE INDEX ix_duty_assessment_member_id ON duty_assessment (member_id, year);
CREATE INDEX ix_duty_assessment_scheme_id ON duty_assessment (scheme_id);
CREATE UNIQUE INDEX uq_duty_assessment_current ON duty_assessment (member_id, year) WHERE superseded_at IS NULL;

CREATE TABLE duty_record (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    member_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    act VARCHAR(40) NOT NULL,
    acted_on DATE NOT NULL,
    points NUMERIC(10, 2) NOT NULL,
    session_id UUID,
    opinion_id UUID,
    conversion_id UUID,
    activity_id UUID,
    CONSTRAINT pk_duty_record PRIMARY KEY (id),
    CONSTRAINT ck_duty_record_act
        CHECK (act IN ('ATTENDED', 'OPINION', 'OPINION_CONVERTED', 'PROPOSAL_FILED', 'ACTIVITY')),
    CONSTRAINT ck_duty_record_points_not_negative CHECK (points >= 0),
    CONSTRAINT ck_duty_record_one_source
        CHECK (num_nonnulls(session_id, opinion_id, conversion_id, activity_id) = 1),
    CONSTRAINT ck_duty_record_source_of_act CHECK (
        CASE act WHEN 'ATTENDED' THEN session_id WHEN 'OPINION' THEN opinion_id
        WHEN 'ACTIVITY' THEN activity_id ELSE conversion_id END IS NOT NULL
    ),
    CONSTRAINT fk_duty_record_assessment_id FOREIGN KEY (assessment_id) REFERENCES duty_assessment (id),
    CONSTRAINT fk_duty_record_member_id FOREIGN KEY (member_id) REFERENCES member (id),
    CONSTRAINT fk_duty_record_division_number FOREIGN KEY (division_number) REFERENCES division (number),
    CONSTRAINT fk_duty_record_session_id FOREIGN KEY (session_id) REFERENCES session (id),
    CONSTRAINT fk_duty_record_opinion_id FOREIGN KEY (opinion_id) REFERENCES opinion (id),
    CONSTRAINT fk_duty_record_conversion_id FOREIGN KEY (conversion_id) REFERENCES conversion (id),
    CONSTRAINT fk_duty_record_activity_id FOREIGN KEY (activity_id) REFERENCES activity (id)
);
CREATE INDEX ix_duty_record_assessment_id ON duty_record (assessment_id, acted_on, id);
CREATE INDEX ix_duty_record_member_id ON duty_record (member_id, acted_on, id);

ALTER TABLE member
    ADD COLUMN subject VARCHAR,
    ADD CONSTRAINT ck_member_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 255);

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
