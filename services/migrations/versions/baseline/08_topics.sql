-- Topics, their numbers, and the departments that have a part in them.

CREATE TABLE topic_number (
    county_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_topic_number PRIMARY KEY (county_code, year)
);

CREATE TABLE topic (
    id UUID CONSTRAINT pk_topic PRIMARY KEY,
    number VARCHAR NOT NULL
        CONSTRAINT uq_topic_number UNIQUE
        CONSTRAINT ck_topic_number_form CHECK (number ~ '^[A-Z0-9-]+$'),
    title VARCHAR NOT NULL CONSTRAINT ck_topic_title_bound CHECK (length(title) BETWEEN 1 AND 200 AND is_line(title)),
    summary VARCHAR CONSTRAINT ck_topic_summary_bound CHECK (length(summary) BETWEEN 1 AND 5000 AND is_prose(summary)),
    kind VARCHAR(40) NOT NULL CONSTRAINT ck_topic_kind CHECK (kind IN ('KEY', 'MICRO')),
    category VARCHAR(40) NOT NULL
        CONSTRAINT ck_topic_category CHECK (
            category IN ('ECONOMY', 'BUSINESS_ENVIRONMENT', 'CULTURE_TOURISM', 'OLD_NEIGHBOURHOODS', 'GREENING',
            'SANITATION', 'PARKING', 'STREETS', 'RURAL_REVITALIZATION', 'WATER_POWER', 'ROADS', 'SAFETY', 'OTHER')
        ),
    status VARCHAR(40) NOT NULL
        CONSTRAINT ck_topic_status CHECK (
            status IN ('PROPOSED', 'LISTED', 'SCHEDULED', 'DELIBERATED', 'IMPLEMENTING', 'RESOLVED', 'WITHDRAWN')
        ),
    version INTEGER NOT NULL CONSTRAINT ck_topic_version_positive CHECK (version >= 1),
    platform_id UUID NOT NULL CONSTRAINT fk_topic_platform_id REFERENCES platform (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_topic_division_number REFERENCES division (number),
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_topic_proposed_at_bound CHECK (in_range(proposed_at)),
    listed_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_topic_listed_at_bound CHECK (in_range(listed_at)),
    scheduled_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_topic_scheduled_at_bound CHECK (in_range(scheduled_at)),
    resolved_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_topic_resolved_at_bound CHECK (in_range(resolved_at)),
    withdrawn_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_topic_withdrawn_at_bound CHECK (in_range(withdrawn_at)),
    resolution VARCHAR
        CONSTRAINT ck_topic_resolution_bound CHECK (length(resolution) BETWEEN 1 AND 5000 AND is_prose(resolution)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_topic_recorded_at_bound CHECK (in_range(recorded_at)),
    subject VARCHAR CONSTRAINT ck_topic_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    next_session_at TIMESTAMP WITH TIME ZONE
        CONSTRAINT ck_topic_next_session_at_bound CHECK (in_range(next_session_at)),
    CONSTRAINT ck_topic_listed_has_instant CHECK (status IN ('PROPOSED', 'WITHDRAWN') OR listed_at IS NOT NULL),
    CONSTRAINT ck_topic_resolved_has_instant CHECK ((status = 'RESOLVED') = (resolved_at IS NOT NULL)),
    CONSTRAINT ck_topic_scheduled_for_next_session CHECK (
        next_session_at IS NULL OR scheduled_at IS NOT DISTINCT FROM next_session_at
    ),
    CONSTRAINT ck_topic_withdrawn_has_instant CHECK ((status = 'WITHDRAWN') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX ix_topic_division_number ON topic (division_number);
CREATE INDEX ix_topic_platform_id ON topic (platform_id, number);
CREATE INDEX ix_topic_proposed_at ON topic (proposed_at, id);
CREATE INDEX ix_topic_scheduled_at ON topic (scheduled_at, id);
CREATE INDEX ix_topic_unpublished ON topic (division_number) WHERE listed_at IS NULL;

CREATE TABLE topic_history (
    LIKE topic,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_topic_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_topic_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_topic_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_topic_history_proposed_at_bound CHECK (in_range(proposed_at)),
    CONSTRAINT ck_topic_history_listed_at_bound CHECK (in_range(listed_at)),
    CONSTRAINT ck_topic_history_scheduled_at_bound CHECK (in_range(scheduled_at)),
    CONSTRAINT ck_topic_history_resolved_at_bound CHECK (in_range(resolved_at)),
    CONSTRAINT ck_topic_history_withdrawn_at_bound CHECK (in_range(withdrawn_at)),
    CONSTRAINT ck_topic_history_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT ck_topic_history_next_session_at_bound CHECK (in_range(next_session_at))
);
CREATE INDEX ix_topic_history_division_number ON topic_history (division_number);
CREATE INDEX ix_topic_history_number ON topic_history (number);
CREATE INDEX ix_topic_history_platform_id ON topic_history (platform_id);
SELECT define_as_of('topic');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON topic
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE involvement (
    id UUID CONSTRAINT pk_involvement PRIMARY KEY,
    topic_id UUID NOT NULL CONSTRAINT fk_involvement_topic_id REFERENCES topic (id),
    department_id UUID NOT NULL CONSTRAINT fk_involvement_department_id REFERENCES department (id),
    role VARCHAR(40) NOT NULL CONSTRAINT ck_involvement_role CHECK (role IN ('LEAD', 'SUPPORT', 'INFORMED')),
    since TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_involvement_since_bound CHECK (in_range(since)),
    until TIMESTAMP WITH TIME ZONE CONSTRAINT ck_involvement_until_bound CHECK (in_range(until)),
    CONSTRAINT ck_involvement_until_after_since CHECK (until >= since)
);
CREATE INDEX ix_involvement_department_id ON involvement (department_id, topic_id);
CREATE INDEX ix_involvement_topic_id ON involvement (topic_id);
CREATE UNIQUE INDEX uq_involvement_current ON involvement (topic_id, department_id) WHERE until IS NULL;
CREATE UNIQUE INDEX uq_involvement_one_lead ON involvement (topic_id) WHERE until IS NULL AND role = 'LEAD';
