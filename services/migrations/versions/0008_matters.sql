-- What people raise at a platform, until it is answered, declined or taken into a topic.

CREATE TABLE matter (
    id UUID NOT NULL,
    title VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    nature VARCHAR(40),
    raised_by VARCHAR(40) NOT NULL,
    subject VARCHAR,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    platform_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    category VARCHAR(40) NOT NULL,
    status VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    answer VARCHAR,
    answered_at TIMESTAMP WITH TIME ZONE,
    topic_id UUID,
    CONSTRAINT pk_matter PRIMARY KEY (id),
    CONSTRAINT ck_matter_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    CONSTRAINT ck_matter_description_length CHECK (length(btrim(description)) BETWEEN 1 AND 5000),
    CONSTRAINT ck_matter_answer_length CHECK (status <> 'ANSWERED' OR length(btrim(answer)) BETWEEN 1 AND 5000),
    CONSTRAINT ck_matter_reason_length CHECK (status <> 'DECLINED' OR length(btrim(answer)) BETWEEN 1 AND 5000),
    CONSTRAINT ck_matter_accepted_has_instant CHECK ((status <> 'RAISED') = (accepted_at IS NOT NULL)),
    CONSTRAINT ck_matter_answered_has_text CHECK ((status IN ('ANSWERED', 'DECLINED')) = (answer IS NOT NULL)),
    CONSTRAINT ck_matter_answered_has_instant CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT ck_matter_listed_has_topic CHECK ((status = 'LISTED') = (topic_id IS NOT NULL)),
    CONSTRAINT ck_matter_version_positive CHECK (version >= 1),
    CONSTRAINT ck_matter_nature CHECK (nature IN ('TROUBLESOME', 'TRIVIAL', 'WORRYING', 'BLOCKING')),
    CONSTRAINT ck_matter_raised_by CHECK (raised_by IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')),
    CONSTRAINT fk_matter_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_matter_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT ck_matter_category CHECK (category IN ('ECONOMY', 'BUSINESS_ENVIRONMENT', 'CULTURE_TOURISM', 'OLD_NEIGHBOURHOODS', 'GREENING', 'SANITATION', 'PARKING', 'STREETS', 'RURAL_REVITALIZATION', 'WATER_POWER', 'ROADS', 'SAFETY', 'OTHER')),
    CONSTRAINT ck_matter_status CHECK (status IN ('RAISED', 'ACCEPTED', 'LISTED', 'ANSWERED', 'DECLINED')),
    CONSTRAINT fk_matter_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id)
);
CREATE INDEX ix_matter_division_number ON matter (division_number);
CREATE INDEX ix_matter_open ON matter (division_number, raised_at) WHERE topic_id IS NULL AND answered_at IS NULL;
CREATE INDEX ix_matter_platform_id ON matter (platform_id, raised_at, id);
CREATE INDEX ix_matter_raised_at ON matter (raised_at, id);
CREATE INDEX ix_matter_subject ON matter (subject, raised_at, id);
CREATE INDEX ix_matter_topic_id ON matter (topic_id, raised_at, id);

ALTER TABLE trace_chain ADD CONSTRAINT fk_trace_chain_matter_id FOREIGN KEY (matter_id) REFERENCES matter (id);
