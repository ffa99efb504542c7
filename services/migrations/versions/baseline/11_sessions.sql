-- Sessions, what they deliberate, who came and what was said.

CREATE TABLE session (
    id UUID CONSTRAINT pk_session PRIMARY KEY,
    platform_id UUID NOT NULL CONSTRAINT fk_session_platform_id REFERENCES platform (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_session_division_number REFERENCES division (number),
    status VARCHAR(40) NOT NULL
        CONSTRAINT ck_session_status CHECK (status IN ('SCHEDULED', 'HELD', 'POSTPONED', 'CANCELLED')),
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_session_scheduled_at_bound CHECK (in_range(scheduled_at)),
    held_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_session_held_at_bound CHECK (in_range(held_at)),
    venue VARCHAR NOT NULL CONSTRAINT ck_session_venue_bound CHECK (length(venue) BETWEEN 1 AND 200 AND is_line(venue)),
    form VARCHAR(40) NOT NULL
        CONSTRAINT ck_session_form CHECK (form IN ('COUNCIL_HALL', 'ON_SITE', 'HOUSEHOLD', 'ONLINE', 'OTHER')),
    convener VARCHAR
        CONSTRAINT ck_session_convener_bound CHECK (length(convener) BETWEEN 1 AND 100 AND is_line(convener)),
    liaison_group_id UUID CONSTRAINT fk_session_liaison_group_id REFERENCES liaison_group (id),
    headcount INTEGER CONSTRAINT ck_session_headcount_bound CHECK (headcount BETWEEN 0 AND 100000),
    headcount_is_lower_bound BOOLEAN NOT NULL,
    minutes VARCHAR
        CONSTRAINT ck_session_minutes_bound CHECK (length(minutes) BETWEEN 1 AND 50000 AND is_prose(minutes)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_session_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT ck_session_bound_has_headcount CHECK (headcount IS NOT NULL OR NOT headcount_is_lower_bound),
    CONSTRAINT ck_session_held_has_instant CHECK ((status = 'HELD') = (held_at IS NOT NULL))
);
CREATE INDEX ix_session_division_number ON session (division_number);
CREATE INDEX ix_session_liaison_group_id ON session (liaison_group_id);
CREATE INDEX ix_session_platform_id ON session (platform_id, scheduled_at, id);
CREATE INDEX ix_session_scheduled_at ON session (scheduled_at, id);
CREATE INDEX ix_session_without_minutes ON session (held_at) WHERE held_at IS NOT NULL AND minutes IS NULL;

CREATE TABLE session_history (
    LIKE session,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_session_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_session_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_session_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_session_history_scheduled_at_bound CHECK (in_range(scheduled_at)),
    CONSTRAINT ck_session_history_held_at_bound CHECK (in_range(held_at)),
    CONSTRAINT ck_session_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_session_history_division_number ON session_history (division_number);
CREATE INDEX ix_session_history_platform_id ON session_history (platform_id);
SELECT define_as_of('session');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON session
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE session_topic (
    session_id UUID NOT NULL CONSTRAINT fk_session_topic_session_id REFERENCES session (id),
    topic_id UUID NOT NULL CONSTRAINT fk_session_topic_topic_id REFERENCES topic (id),
    position INTEGER NOT NULL,
    overdue_told_at TIMESTAMP WITH TIME ZONE
        CONSTRAINT ck_session_topic_overdue_told_at_bound CHECK (in_range(overdue_told_at)),
    CONSTRAINT pk_session_topic PRIMARY KEY (session_id, topic_id)
);
CREATE INDEX ix_session_topic_topic_id ON session_topic (topic_id, session_id);

CREATE TABLE attendance (
    id UUID CONSTRAINT pk_attendance PRIMARY KEY,
    session_id UUID NOT NULL CONSTRAINT fk_attendance_session_id REFERENCES session (id),
    position INTEGER NOT NULL CONSTRAINT ck_attendance_position_positive CHECK (position >= 1),
    name VARCHAR CONSTRAINT ck_attendance_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    role VARCHAR(40) NOT NULL
        CONSTRAINT ck_attendance_role CHECK (
            role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')
        ),
    member_id UUID CONSTRAINT fk_attendance_member_id REFERENCES member (id),
    department_id UUID CONSTRAINT fk_attendance_department_id REFERENCES department (id)
);
CREATE INDEX ix_attendance_department_id ON attendance (department_id);
CREATE INDEX ix_attendance_member_id ON attendance (member_id);
CREATE UNIQUE INDEX uq_attendance_session_id_position ON attendance (session_id, position);

CREATE TABLE opinion (
    id UUID CONSTRAINT pk_opinion PRIMARY KEY,
    session_id UUID NOT NULL CONSTRAINT fk_opinion_session_id REFERENCES session (id),
    topic_id UUID CONSTRAINT fk_opinion_topic_id REFERENCES topic (id),
    role VARCHAR(40) NOT NULL
        CONSTRAINT ck_opinion_role CHECK (
            role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')
        ),
    member_id UUID CONSTRAINT fk_opinion_member_id REFERENCES member (id),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_opinion_at_bound CHECK (in_range(at)),
    text VARCHAR NOT NULL CONSTRAINT ck_opinion_text_bound CHECK (length(text) BETWEEN 1 AND 5000 AND is_prose(text))
);
CREATE INDEX ix_opinion_member_id ON opinion (member_id);
CREATE INDEX ix_opinion_session_id ON opinion (session_id, at, id);
CREATE INDEX ix_opinion_topic_id ON opinion (topic_id, at, id);
