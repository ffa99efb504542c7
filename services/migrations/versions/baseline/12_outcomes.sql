-- What was agreed, what departments are to do for it, and what came of it.

CREATE TABLE outcome (
    id UUID CONSTRAINT pk_outcome PRIMARY KEY,
    topic_id UUID NOT NULL CONSTRAINT fk_outcome_topic_id REFERENCES topic (id),
    session_id UUID CONSTRAINT fk_outcome_session_id REFERENCES session (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_outcome_division_number REFERENCES division (number),
    agreement VARCHAR NOT NULL
        CONSTRAINT ck_outcome_agreement_bound CHECK (length(agreement) BETWEEN 1 AND 10000 AND is_prose(agreement)),
    reached_on DATE NOT NULL CONSTRAINT ck_outcome_reached_on_bound CHECK (in_range(reached_on)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_outcome_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_outcome_division_number ON outcome (division_number);
CREATE INDEX ix_outcome_session_id ON outcome (session_id);
CREATE INDEX ix_outcome_topic_id ON outcome (topic_id, reached_on, id);

CREATE TABLE outcome_history (
    LIKE outcome,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_outcome_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_outcome_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_outcome_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_outcome_history_reached_on_bound CHECK (in_range(reached_on)),
    CONSTRAINT ck_outcome_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_outcome_history_division_number ON outcome_history (division_number);
CREATE INDEX ix_outcome_history_session_id ON outcome_history (session_id);
CREATE INDEX ix_outcome_history_topic_id ON outcome_history (topic_id);
SELECT define_as_of('outcome');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON outcome
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE commitment (
    id UUID CONSTRAINT pk_commitment PRIMARY KEY,
    outcome_id UUID NOT NULL CONSTRAINT fk_commitment_outcome_id REFERENCES outcome (id),
    topic_id UUID NOT NULL CONSTRAINT fk_commitment_topic_id REFERENCES topic (id),
    department_id UUID NOT NULL CONSTRAINT fk_commitment_department_id REFERENCES department (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_commitment_division_number REFERENCES division (number),
    task VARCHAR NOT NULL
        CONSTRAINT ck_commitment_task_bound CHECK (length(task) BETWEEN 1 AND 2000 AND is_prose(task)),
    due_on DATE CONSTRAINT ck_commitment_due_on_bound CHECK (in_range(due_on)),
    status VARCHAR(40) NOT NULL
        CONSTRAINT ck_commitment_status CHECK (
            status IN ('ASSIGNED', 'ACCEPTED', 'DECLINED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'DISPUTED', 'WITHDRAWN')
        ),
    assigned_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_commitment_assigned_at_bound CHECK (in_range(assigned_at)),
    due_told DATE CONSTRAINT ck_commitment_due_told_bound CHECK (in_range(due_told)),
    overdue_told DATE CONSTRAINT ck_commitment_overdue_told_bound CHECK (in_range(overdue_told)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_commitment_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_commitment_department_id ON commitment (department_id, id);
CREATE INDEX ix_commitment_division_number ON commitment (division_number);
CREATE INDEX ix_commitment_due_on ON commitment (due_on, id);
CREATE INDEX ix_commitment_open ON commitment (division_number, due_on)
    WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED' AND status <> 'WITHDRAWN';
CREATE INDEX ix_commitment_outcome_id ON commitment (outcome_id, id);
CREATE INDEX ix_commitment_to_tell ON commitment (due_on)
    WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED' AND status <> 'WITHDRAWN' AND overdue_told
    IS DISTINCT FROM due_on;
CREATE INDEX ix_commitment_topic_id ON commitment (topic_id);

CREATE TABLE commitment_history (
    LIKE commitment,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_commitment_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_commitment_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_commitment_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_commitment_history_due_on_bound CHECK (in_range(due_on)),
    CONSTRAINT ck_commitment_history_assigned_at_bound CHECK (in_range(assigned_at)),
    CONSTRAINT ck_commitment_history_due_told_bound CHECK (in_range(due_told)),
    CONSTRAINT ck_commitment_history_overdue_told_bound CHECK (in_range(overdue_told)),
    CONSTRAINT ck_commitment_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_commitment_history_department_id ON commitment_history (department_id);
CREATE INDEX ix_commitment_history_division_number ON commitment_history (division_number);
CREATE INDEX ix_commitment_history_outcome_id ON commitment_history (outcome_id);
CREATE INDEX ix_commitment_history_topic_id ON commitment_history (topic_id);
SELECT define_as_of('commitment');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON commitment
    FOR EACH ROW EXECUTE FUNCTION keep_history('due_told', 'overdue_told');

CREATE TABLE progress (
    id UUID CONSTRAINT pk_progress PRIMARY KEY,
    commitment_id UUID NOT NULL CONSTRAINT fk_progress_commitment_id REFERENCES commitment (id),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_progress_at_bound CHECK (in_range(at)),
    percent INTEGER CONSTRAINT ck_progress_percent_bound CHECK (percent BETWEEN 0 AND 100),
    note VARCHAR NOT NULL CONSTRAINT ck_progress_note_bound CHECK (length(note) BETWEEN 1 AND 2000 AND is_prose(note))
);
CREATE INDEX ix_progress_commitment_id ON progress (commitment_id, at, id);

CREATE TABLE evidence (
    id UUID CONSTRAINT pk_evidence PRIMARY KEY,
    topic_id UUID CONSTRAINT fk_evidence_topic_id REFERENCES topic (id),
    commitment_id UUID CONSTRAINT fk_evidence_commitment_id REFERENCES commitment (id),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_evidence_at_bound CHECK (in_range(at)),
    url VARCHAR NOT NULL
        CONSTRAINT ck_evidence_url_bound CHECK (
            length(url) BETWEEN 1 AND 2000 AND is_line(url) AND url ~ '^(https?://[^ ]+)$'
        ),
    sha256 VARCHAR CONSTRAINT ck_evidence_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    note VARCHAR CONSTRAINT ck_evidence_note_bound CHECK (length(note) BETWEEN 1 AND 2000 AND is_prose(note)),
    CONSTRAINT ck_evidence_one_subject CHECK (num_nonnulls(topic_id, commitment_id) = 1)
);
CREATE INDEX ix_evidence_commitment_id ON evidence (commitment_id, at, id);
CREATE INDEX ix_evidence_topic_id ON evidence (topic_id, at, id);

CREATE TABLE verdict (
    id UUID CONSTRAINT pk_verdict PRIMARY KEY,
    commitment_id UUID NOT NULL CONSTRAINT fk_verdict_commitment_id REFERENCES commitment (id),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_verdict_at_bound CHECK (in_range(at)),
    role VARCHAR(40) NOT NULL
        CONSTRAINT ck_verdict_role CHECK (
            role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')
        ),
    fulfilled BOOLEAN NOT NULL,
    note VARCHAR CONSTRAINT ck_verdict_note_bound CHECK (length(note) BETWEEN 1 AND 2000 AND is_prose(note)),
    CONSTRAINT ck_verdict_dispute_has_reason CHECK (fulfilled OR note IS NOT NULL)
);
CREATE INDEX ix_verdict_commitment_id ON verdict (commitment_id, at, id);

CREATE TABLE conversion (
    id UUID CONSTRAINT pk_conversion PRIMARY KEY,
    kind VARCHAR(40) NOT NULL
        CONSTRAINT ck_conversion_kind CHECK (kind IN ('SUGGESTION', 'PROPOSAL', 'SOCIAL_OPINION_REPORT')),
    title VARCHAR NOT NULL
        CONSTRAINT ck_conversion_title_bound CHECK (length(title) BETWEEN 1 AND 200 AND is_line(title)),
    submitted_on DATE NOT NULL CONSTRAINT ck_conversion_submitted_on_bound CHECK (in_range(submitted_on)),
    filed BOOLEAN,
    author_id UUID CONSTRAINT fk_conversion_author_id REFERENCES member (id),
    outcome_id UUID CONSTRAINT fk_conversion_outcome_id REFERENCES outcome (id),
    opinion_id UUID CONSTRAINT fk_conversion_opinion_id REFERENCES opinion (id),
    platform_id UUID NOT NULL CONSTRAINT fk_conversion_platform_id REFERENCES platform (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_conversion_division_number REFERENCES division (number),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_conversion_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT uq_conversion_opinion_id_kind UNIQUE (opinion_id, kind),
    CONSTRAINT uq_conversion_outcome_id_kind UNIQUE (outcome_id, kind),
    CONSTRAINT ck_conversion_one_source CHECK (num_nonnulls(outcome_id, opinion_id) = 1)
);
CREATE INDEX ix_conversion_author_id ON conversion (author_id);
CREATE INDEX ix_conversion_division_number ON conversion (division_number);
CREATE INDEX ix_conversion_platform_id ON conversion (platform_id);

CREATE TABLE conversion_history (
    LIKE conversion,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_conversion_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_conversion_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_conversion_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_conversion_history_submitted_on_bound CHECK (in_range(submitted_on)),
    CONSTRAINT ck_conversion_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_conversion_history_division_number ON conversion_history (division_number);
CREATE INDEX ix_conversion_history_opinion_id ON conversion_history (opinion_id);
CREATE INDEX ix_conversion_history_outcome_id ON conversion_history (outcome_id);
CREATE INDEX ix_conversion_history_platform_id ON conversion_history (platform_id);
SELECT define_as_of('conversion');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON conversion
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE follow_up (
    id UUID CONSTRAINT pk_follow_up PRIMARY KEY,
    topic_id UUID NOT NULL CONSTRAINT fk_follow_up_topic_id REFERENCES topic (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_follow_up_division_number REFERENCES division (number),
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_follow_up_at_bound CHECK (in_range(at)),
    role VARCHAR(40) NOT NULL
        CONSTRAINT ck_follow_up_role CHECK (
            role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')
        ),
    score INTEGER NOT NULL CONSTRAINT ck_follow_up_score_bound CHECK (score BETWEEN 1 AND 5),
    confirms_fix BOOLEAN NOT NULL,
    comment VARCHAR
        CONSTRAINT ck_follow_up_comment_bound CHECK (length(comment) BETWEEN 1 AND 2000 AND is_prose(comment)),
    channel VARCHAR(40) NOT NULL
        CONSTRAINT ck_follow_up_channel CHECK (channel IN ('ONLINE', 'TELEPHONE', 'VISIT', 'MEETING', 'OTHER')),
    subject VARCHAR
        CONSTRAINT ck_follow_up_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    recorded_by VARCHAR CONSTRAINT ck_follow_up_recorded_by CHECK (recorded_by IN ('CADRE', 'SECRETARIAT')),
    respondent VARCHAR
        CONSTRAINT ck_follow_up_respondent_bound CHECK (length(respondent) BETWEEN 1 AND 100 AND is_line(respondent)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_follow_up_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT uq_follow_up_topic_id_respondent UNIQUE (topic_id, respondent),
    CONSTRAINT uq_follow_up_topic_id_subject UNIQUE (topic_id, subject),
    CONSTRAINT ck_follow_up_own_has_subject CHECK (subject IS NULL OR recorded_by IS NULL),
    CONSTRAINT ck_follow_up_recorded_by_staff CHECK ((channel = 'ONLINE') = (recorded_by IS NULL)),
    CONSTRAINT ck_follow_up_recorded_has_respondent CHECK (respondent IS NULL OR recorded_by IS NOT NULL)
);
CREATE INDEX ix_follow_up_division_number ON follow_up (division_number);
CREATE INDEX ix_follow_up_topic_id ON follow_up (topic_id, at, id);

CREATE TABLE follow_up_history (
    LIKE follow_up,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_follow_up_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_follow_up_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_follow_up_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_follow_up_history_at_bound CHECK (in_range(at)),
    CONSTRAINT ck_follow_up_history_recorded_at_bound CHECK (in_range(recorded_at))
);
CREATE INDEX ix_follow_up_history_division_number ON follow_up_history (division_number);
CREATE INDEX ix_follow_up_history_topic_id ON follow_up_history (topic_id);
SELECT define_as_of('follow_up');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON follow_up
    FOR EACH ROW EXECUTE FUNCTION keep_history();
