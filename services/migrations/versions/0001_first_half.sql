-- Tables, constraints and indexes of the first half of the domain.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE division (
    number BIGINT NOT NULL,
    upper BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    level VARCHAR(40) NOT NULL,
    parent_number BIGINT,
    CONSTRAINT pk_division PRIMARY KEY (number),
    CONSTRAINT ck_division_number_is_padded_code CHECK (number = rpad(code, 12, '0')::bigint),
    CONSTRAINT ck_division_upper_is_successor CHECK (upper = number + (10 ^ (12 - length(code)))::bigint),
    CONSTRAINT ck_division_only_provinces_lack_parent CHECK ((level = 'PROVINCE') = (parent_number IS NULL)),
    CONSTRAINT uq_division_code UNIQUE (code),
    CONSTRAINT ck_division_level CHECK (level IN ('PROVINCE', 'CITY', 'COUNTY', 'TOWNSHIP', 'VILLAGE')),
    CONSTRAINT fk_division_parent_number FOREIGN KEY(parent_number) REFERENCES division (number)
);
CREATE INDEX ix_division_parent_number ON division (parent_number, number);

CREATE TABLE idempotency_key (
    subject VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    result VARCHAR,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency_key PRIMARY KEY (subject, key)
);

CREATE TABLE topic_number (
    county_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_topic_number PRIMARY KEY (county_code, year)
);

CREATE TABLE brand (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    umbrella VARCHAR,
    division_number BIGINT NOT NULL,
    launched_on DATE,
    CONSTRAINT pk_brand PRIMARY KEY (id),
    CONSTRAINT uq_brand_division_number_name UNIQUE (division_number, name),
    CONSTRAINT fk_brand_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);

CREATE TABLE committee (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    division_number BIGINT NOT NULL,
    CONSTRAINT pk_committee PRIMARY KEY (id),
    CONSTRAINT uq_committee_division_number UNIQUE (division_number),
    CONSTRAINT fk_committee_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);

CREATE TABLE department (
    id UUID NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR(40) NOT NULL,
    division_number BIGINT NOT NULL,
    CONSTRAINT pk_department PRIMARY KEY (id),
    CONSTRAINT ck_department_code_is_routing_key CHECK (code ~ '^[a-z0-9-]{2,40}$'),
    CONSTRAINT uq_department_code UNIQUE (code),
    CONSTRAINT ck_department_kind CHECK (kind IN ('COURT', 'FORESTRY', 'POWER', 'GAS', 'WATER', 'HEATING', 'TRANSPORT', 'HOUSING', 'URBAN_MANAGEMENT', 'AGRICULTURE', 'CULTURE_TOURISM', 'PUBLIC_SECURITY', 'CIVIL_AFFAIRS', 'PROPERTY_MANAGEMENT', 'ENTERPRISE', 'OTHER')),
    CONSTRAINT fk_department_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_department_division_number ON department (division_number, code);

CREATE TABLE department_channel (
    department_id UUID NOT NULL,
    enabled BOOLEAN NOT NULL,
    paused_until TIMESTAMP WITH TIME ZONE,
    pauses INTEGER NOT NULL,
    last_error VARCHAR,
    CONSTRAINT pk_department_channel PRIMARY KEY (department_id),
    CONSTRAINT ck_department_channel_pauses_not_negative CHECK (pauses >= 0),
    CONSTRAINT fk_department_channel_department_id FOREIGN KEY(department_id) REFERENCES department (id)
);

CREATE TABLE inbox_message (
    department_id UUID NOT NULL,
    message_id VARCHAR NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_inbox_message PRIMARY KEY (department_id, message_id),
    CONSTRAINT fk_inbox_message_department_id FOREIGN KEY(department_id) REFERENCES department (id)
);

CREATE TABLE liaison_group (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    committee_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    CONSTRAINT pk_liaison_group PRIMARY KEY (id),
    CONSTRAINT fk_liaison_group_committee_id FOREIGN KEY(committee_id) REFERENCES committee (id),
    CONSTRAINT fk_liaison_group_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_liaison_group_committee_id ON liaison_group (committee_id);
CREATE INDEX ix_liaison_group_division_number ON liaison_group (division_number);

CREATE TABLE member (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    sector VARCHAR NOT NULL,
    committee_id UUID NOT NULL,
    liaison_group_id UUID,
    division_number BIGINT NOT NULL,
    CONSTRAINT pk_member PRIMARY KEY (id),
    CONSTRAINT fk_member_committee_id FOREIGN KEY(committee_id) REFERENCES committee (id),
    CONSTRAINT fk_member_liaison_group_id FOREIGN KEY(liaison_group_id) REFERENCES liaison_group (id),
    CONSTRAINT fk_member_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_member_committee_id ON member (committee_id);
CREATE INDEX ix_member_division_number ON member (division_number);
CREATE INDEX ix_member_liaison_group_id ON member (liaison_group_id);

CREATE TABLE platform (
    id UUID NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    tier VARCHAR(40) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    brand_id UUID,
    division_number BIGINT NOT NULL,
    parent_id UUID,
    liaison_group_id UUID,
    opened_on DATE,
    closed_on DATE,
    CONSTRAINT pk_platform PRIMARY KEY (id),
    CONSTRAINT ck_platform_only_general_lacks_parent CHECK ((tier = 'GENERAL') = (parent_id IS NULL)),
    CONSTRAINT ck_platform_closed_after_opened CHECK (closed_on > opened_on),
    CONSTRAINT ex_platform_one_general_at_a_time EXCLUDE USING gist (division_number WITH =, daterange(opened_on, closed_on) WITH &&) WHERE (tier = 'GENERAL'),
    CONSTRAINT uq_platform_code UNIQUE (code),
    CONSTRAINT ck_platform_tier CHECK (tier IN ('GENERAL', 'SUB', 'MICRO')),
    CONSTRAINT ck_platform_kind CHECK (kind IN ('COUNTY', 'TOWNSHIP', 'COMMUNITY', 'VILLAGE', 'MEMBER_STUDIO', 'OTHER')),
    CONSTRAINT fk_platform_brand_id FOREIGN KEY(brand_id) REFERENCES brand (id),
    CONSTRAINT fk_platform_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT fk_platform_parent_id FOREIGN KEY(parent_id) REFERENCES platform (id),
    CONSTRAINT fk_platform_liaison_group_id FOREIGN KEY(liaison_group_id) REFERENCES liaison_group (id)
);
CREATE INDEX ix_platform_brand_id ON platform (brand_id);
CREATE INDEX ix_platform_division_number ON platform (division_number, code);
CREATE INDEX ix_platform_liaison_group_id ON platform (liaison_group_id);
CREATE INDEX ix_platform_parent_id ON platform (parent_id, code);

CREATE TABLE session (
    id UUID NOT NULL,
    platform_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    status VARCHAR(40) NOT NULL,
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE,
    venue VARCHAR NOT NULL,
    form VARCHAR(40) NOT NULL,
    convener VARCHAR,
    liaison_group_id UUID,
    headcount INTEGER,
    headcount_is_lower_bound BOOLEAN NOT NULL,
    minutes VARCHAR,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT ck_session_held_has_instant CHECK ((status = 'HELD') = (held_at IS NOT NULL)),
    CONSTRAINT ck_session_headcount_not_negative CHECK (headcount >= 0),
    CONSTRAINT ck_session_bound_has_headcount CHECK (headcount IS NOT NULL OR NOT headcount_is_lower_bound),
    CONSTRAINT ck_session_venue_length CHECK (length(btrim(venue)) BETWEEN 1 AND 200),
    CONSTRAINT fk_session_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_session_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT ck_session_status CHECK (status IN ('SCHEDULED', 'HELD', 'POSTPONED', 'CANCELLED')),
    CONSTRAINT ck_session_form CHECK (form IN ('COUNCIL_HALL', 'ON_SITE', 'HOUSEHOLD', 'ONLINE', 'OTHER')),
    CONSTRAINT fk_session_liaison_group_id FOREIGN KEY(liaison_group_id) REFERENCES liaison_group (id)
);
CREATE INDEX ix_session_division_number ON session (division_number);
CREATE INDEX ix_session_liaison_group_id ON session (liaison_group_id);
CREATE INDEX ix_session_platform_id ON session (platform_id, scheduled_at, id);
CREATE INDEX ix_session_scheduled_at ON session (scheduled_at, id);

CREATE TABLE topic (
    id UUID NOT NULL,
    number VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    summary VARCHAR,
    kind VARCHAR(40) NOT NULL,
    category VARCHAR(40) NOT NULL,
    status VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    platform_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    listed_at TIMESTAMP WITH TIME ZONE,
    scheduled_at TIMESTAMP WITH TIME ZONE,
    resolved_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    resolution VARCHAR,
    CONSTRAINT pk_topic PRIMARY KEY (id),
    CONSTRAINT ck_topic_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    CONSTRAINT ck_topic_version_positive CHECK (version >= 1),
    CONSTRAINT ck_topic_listed_has_instant CHECK (status IN ('PROPOSED', 'WITHDRAWN') OR listed_at IS NOT NULL),
    CONSTRAINT ck_topic_resolved_has_instant CHECK ((status = 'RESOLVED') = (resolved_at IS NOT NULL)),
    CONSTRAINT ck_topic_withdrawn_has_instant CHECK ((status = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)),
    CONSTRAINT uq_topic_number UNIQUE (number),
    CONSTRAINT ck_topic_kind CHECK (kind IN ('KEY', 'MICRO')),
    CONSTRAINT ck_topic_category CHECK (category IN ('ECONOMY', 'BUSINESS_ENVIRONMENT', 'CULTURE_TOURISM', 'OLD_NEIGHBOURHOODS', 'GREENING', 'SANITATION', 'PARKING', 'STREETS', 'RURAL_REVITALIZATION', 'WATER_POWER', 'ROADS', 'SAFETY', 'OTHER')),
    CONSTRAINT ck_topic_status CHECK (status IN ('PROPOSED', 'LISTED', 'SCHEDULED', 'DELIBERATED', 'IMPLEMENTING', 'RESOLVED', 'WITHDRAWN')),
    CONSTRAINT fk_topic_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_topic_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_topic_division_number ON topic (division_number);
CREATE INDEX ix_topic_platform_id ON topic (platform_id, number);
CREATE INDEX ix_topic_proposed_at ON topic (proposed_at, id);
CREATE INDEX ix_topic_scheduled_at ON topic (scheduled_at, id);

CREATE TABLE attendance (
    id UUID NOT NULL,
    session_id UUID NOT NULL,
    position INTEGER NOT NULL,
    name VARCHAR,
    role VARCHAR(40) NOT NULL,
    member_id UUID,
    department_id UUID,
    CONSTRAINT pk_attendance PRIMARY KEY (id),
    CONSTRAINT ck_attendance_position_positive CHECK (position >= 1),
    CONSTRAINT fk_attendance_session_id FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT ck_attendance_role CHECK (role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')),
    CONSTRAINT fk_attendance_member_id FOREIGN KEY(member_id) REFERENCES member (id),
    CONSTRAINT fk_attendance_department_id FOREIGN KEY(department_id) REFERENCES department (id)
);
CREATE INDEX ix_attendance_department_id ON attendance (department_id);
CREATE INDEX ix_attendance_member_id ON attendance (member_id);
CREATE UNIQUE INDEX uq_attendance_session_id_position ON attendance (session_id, position);

CREATE TABLE event (
    id UUID NOT NULL,
    type VARCHAR NOT NULL,
    topic_id UUID,
    division_number BIGINT NOT NULL,
    subject VARCHAR,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR,
    data JSONB NOT NULL,
    traceparent VARCHAR,
    causation_id UUID,
    CONSTRAINT pk_event PRIMARY KEY (id),
    CONSTRAINT ck_event_data_size CHECK (octet_length(data::text) <= 61440),
    CONSTRAINT fk_event_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_event_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_event_topic_id ON event (topic_id, id);

CREATE TABLE involvement (
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    department_id UUID NOT NULL,
    role VARCHAR(40) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_involvement PRIMARY KEY (id),
    CONSTRAINT ck_involvement_until_after_since CHECK (until >= since),
    CONSTRAINT fk_involvement_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_involvement_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT ck_involvement_role CHECK (role IN ('LEAD', 'SUPPORT', 'INFORMED'))
);
CREATE INDEX ix_involvement_department_id ON involvement (department_id, topic_id);
CREATE UNIQUE INDEX uq_involvement_current ON involvement (topic_id, department_id) WHERE until IS NULL;
CREATE UNIQUE INDEX uq_involvement_one_lead ON involvement (topic_id) WHERE until IS NULL AND role = 'LEAD';

CREATE TABLE lane (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    department_id UUID NOT NULL,
    topic_id UUID,
    last_sequence INTEGER NOT NULL,
    CONSTRAINT pk_lane PRIMARY KEY (id),
    CONSTRAINT uq_lane_department_id_topic_id UNIQUE NULLS NOT DISTINCT (department_id, topic_id),
    CONSTRAINT ck_lane_last_sequence_not_negative CHECK (last_sequence >= 0),
    CONSTRAINT fk_lane_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_lane_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id)
);

CREATE TABLE outcome (
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    session_id UUID,
    division_number BIGINT NOT NULL,
    agreement VARCHAR NOT NULL,
    reached_on DATE NOT NULL,
    CONSTRAINT pk_outcome PRIMARY KEY (id),
    CONSTRAINT ck_outcome_agreement_length CHECK (length(btrim(agreement)) BETWEEN 1 AND 10000),
    CONSTRAINT fk_outcome_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_outcome_session_id FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT fk_outcome_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_outcome_division_number ON outcome (division_number);
CREATE INDEX ix_outcome_session_id ON outcome (session_id);
CREATE INDEX ix_outcome_topic_id ON outcome (topic_id, reached_on, id);

CREATE TABLE session_topic (
    session_id UUID NOT NULL,
    topic_id UUID NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_session_topic PRIMARY KEY (session_id, topic_id),
    CONSTRAINT fk_session_topic_session_id FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT fk_session_topic_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id)
);
CREATE INDEX ix_session_topic_topic_id ON session_topic (topic_id, session_id);

CREATE TABLE commitment (
    id UUID NOT NULL,
    outcome_id UUID NOT NULL,
    topic_id UUID NOT NULL,
    department_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    task VARCHAR NOT NULL,
    due_on DATE,
    status VARCHAR(40) NOT NULL,
    assigned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_commitment PRIMARY KEY (id),
    CONSTRAINT ck_commitment_task_length CHECK (length(btrim(task)) BETWEEN 1 AND 2000),
    CONSTRAINT fk_commitment_outcome_id FOREIGN KEY(outcome_id) REFERENCES outcome (id),
    CONSTRAINT fk_commitment_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_commitment_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_commitment_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT ck_commitment_status CHECK (status IN ('ASSIGNED', 'ACCEPTED', 'DECLINED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'DISPUTED'))
);
CREATE INDEX ix_commitment_department_id ON commitment (department_id, id);
CREATE INDEX ix_commitment_division_number ON commitment (division_number);
CREATE INDEX ix_commitment_due_on ON commitment (due_on, id);
CREATE INDEX ix_commitment_outcome_id ON commitment (outcome_id, id);
CREATE INDEX ix_commitment_topic_id ON commitment (topic_id);

CREATE TABLE delivery (
    id UUID NOT NULL,
    event_id UUID NOT NULL,
    department_id UUID NOT NULL,
    lane_id BIGINT NOT NULL,
    sequence INTEGER NOT NULL,
    role VARCHAR,
    status VARCHAR(40) NOT NULL,
    attempts INTEGER NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    last_error VARCHAR,
    receipt VARCHAR(40),
    receipt_at TIMESTAMP WITH TIME ZONE,
    receipt_note VARCHAR,
    receipt_evidence_url VARCHAR,
    CONSTRAINT pk_delivery PRIMARY KEY (id),
    CONSTRAINT uq_delivery_event_id_department_id UNIQUE (event_id, department_id),
    CONSTRAINT uq_delivery_lane_id_sequence UNIQUE (lane_id, sequence),
    CONSTRAINT ck_delivery_sequence_positive CHECK (sequence >= 1),
    CONSTRAINT ck_delivery_attempts_not_negative CHECK (attempts >= 0),
    CONSTRAINT ck_delivery_confirmed_has_instant CHECK ((status = 'CONFIRMED') = (confirmed_at IS NOT NULL)),
    CONSTRAINT ck_delivery_receipt_has_instant CHECK ((receipt IS NULL) = (receipt_at IS NULL)),
    CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES event (id),
    CONSTRAINT fk_delivery_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_delivery_lane_id FOREIGN KEY(lane_id) REFERENCES lane (id),
    CONSTRAINT ck_delivery_status CHECK (status IN ('PENDING', 'CONFIRMED', 'PARKED', 'SKIPPED')),
    CONSTRAINT ck_delivery_receipt CHECK (receipt IN ('RECEIVED', 'ACCEPTED', 'DECLINED', 'IN_PROGRESS', 'COMPLETED'))
);
CREATE INDEX ix_delivery_department_id ON delivery (department_id, id);
CREATE INDEX ix_delivery_waiting ON delivery (lane_id, sequence) WHERE status IN ('PENDING', 'PARKED');

CREATE TABLE evidence (
    id UUID NOT NULL,
    topic_id UUID,
    commitment_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    url VARCHAR NOT NULL,
    sha256 VARCHAR,
    note VARCHAR,
    CONSTRAINT pk_evidence PRIMARY KEY (id),
    CONSTRAINT ck_evidence_one_subject CHECK (num_nonnulls(topic_id, commitment_id) = 1),
    CONSTRAINT ck_evidence_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_evidence_url_form CHECK (url ~ '^https?://'),
    CONSTRAINT fk_evidence_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_evidence_commitment_id FOREIGN KEY(commitment_id) REFERENCES commitment (id)
);
CREATE INDEX ix_evidence_commitment_id ON evidence (commitment_id, at, id);
CREATE INDEX ix_evidence_topic_id ON evidence (topic_id, at, id);

CREATE TABLE progress (
    id UUID NOT NULL,
    commitment_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    percent INTEGER,
    note VARCHAR NOT NULL,
    CONSTRAINT pk_progress PRIMARY KEY (id),
    CONSTRAINT ck_progress_percent_range CHECK (percent BETWEEN 0 AND 100),
    CONSTRAINT fk_progress_commitment_id FOREIGN KEY(commitment_id) REFERENCES commitment (id)
);
CREATE INDEX ix_progress_commitment_id ON progress (commitment_id, at, id);
