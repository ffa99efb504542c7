-- What people raise before it becomes a topic.

CREATE TABLE matter (
    id UUID CONSTRAINT pk_matter PRIMARY KEY,
    title VARCHAR NOT NULL CONSTRAINT ck_matter_title_bound CHECK (length(title) BETWEEN 1 AND 200 AND is_line(title)),
    description VARCHAR NOT NULL
        CONSTRAINT ck_matter_description_bound CHECK (length(description) BETWEEN 1 AND 5000 AND is_prose(description)),
    nature VARCHAR(40) CONSTRAINT ck_matter_nature CHECK (nature IN ('TROUBLESOME', 'TRIVIAL', 'WORRYING', 'BLOCKING')),
    raised_by VARCHAR(40) NOT NULL
        CONSTRAINT ck_matter_raised_by CHECK (
            raised_by IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')
        ),
    subject VARCHAR CONSTRAINT ck_matter_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_matter_raised_at_bound CHECK (in_range(raised_at)),
    platform_id UUID NOT NULL CONSTRAINT fk_matter_platform_id REFERENCES platform (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_matter_division_number REFERENCES division (number),
    category VARCHAR(40) NOT NULL
        CONSTRAINT ck_matter_category CHECK (
            category IN ('ECONOMY', 'BUSINESS_ENVIRONMENT', 'CULTURE_TOURISM', 'OLD_NEIGHBOURHOODS', 'GREENING',
            'SANITATION', 'PARKING', 'STREETS', 'RURAL_REVITALIZATION', 'WATER_POWER', 'ROADS', 'SAFETY', 'OTHER')
        ),
    status VARCHAR(40) NOT NULL
        CONSTRAINT ck_matter_status CHECK (status IN ('RAISED', 'ACCEPTED', 'LISTED', 'ANSWERED', 'DECLINED')),
    version INTEGER NOT NULL CONSTRAINT ck_matter_version_positive CHECK (version >= 1),
    accepted_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_matter_accepted_at_bound CHECK (in_range(accepted_at)),
    answer VARCHAR CONSTRAINT ck_matter_answer_bound CHECK (length(answer) BETWEEN 1 AND 5000 AND is_prose(answer)),
    answered_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_matter_answered_at_bound CHECK (in_range(answered_at)),
    topic_id UUID CONSTRAINT fk_matter_topic_id REFERENCES topic (id),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_matter_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT ck_matter_accepted_has_instant CHECK ((status <> 'RAISED') = (accepted_at IS NOT NULL)),
    CONSTRAINT ck_matter_answered_has_instant CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT ck_matter_answered_has_text CHECK ((status IN ('ANSWERED', 'DECLINED')) = (answer IS NOT NULL)),
    CONSTRAINT ck_matter_listed_has_topic CHECK ((status = 'LISTED') = (topic_id IS NOT NULL))
);
CREATE INDEX ix_matter_division_number ON matter (division_number);
CREATE INDEX ix_matter_open ON matter (division_number, raised_at) WHERE topic_id IS NULL AND answered_at IS NULL;
CREATE INDEX ix_matter_platform_id ON matter (platform_id, raised_at, id);
CREATE INDEX ix_matter_raised_at ON matter (raised_at, id);
CREATE INDEX ix_matter_subject ON matter (subject, raised_at, id);
CREATE INDEX ix_matter_topic_id ON matter (topic_id, raised_at, id);

CREATE TABLE matter_history (
    LIKE matter,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_matter_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_matter_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_matter_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_matter_history_raised_at_bound CHECK (in_range(raised_at)),
    CONSTRAINT ck_matter_history_accepted_at_bound CHECK (in_range(accepted_at)),
    CONSTRAINT ck_matter_history_answered_at_bound CHECK (in_range(answered_at)),
    CONSTRAINT ck_matter_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_matter_history_division_number ON matter_history (division_number);
CREATE INDEX ix_matter_history_platform_id ON matter_history (platform_id);
CREATE INDEX ix_matter_history_topic_id ON matter_history (topic_id);
SELECT define_as_of('matter');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON matter
    FOR EACH ROW EXECUTE FUNCTION keep_history();
