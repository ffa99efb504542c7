-- Opinions, verdicts on commitments, conversions, follow-ups, and what is counted of the latter two.

CREATE TABLE opinion (
    id UUID NOT NULL,
    session_id UUID NOT NULL,
    topic_id UUID,
    role VARCHAR(40) NOT NULL,
    member_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    text VARCHAR NOT NULL,
    CONSTRAINT pk_opinion PRIMARY KEY (id),
    CONSTRAINT ck_opinion_text_length CHECK (length(btrim(text)) BETWEEN 1 AND 5000),
    CONSTRAINT ck_opinion_role CHECK (role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')),
    CONSTRAINT fk_opinion_session_id FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT fk_opinion_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_opinion_member_id FOREIGN KEY(member_id) REFERENCES member (id)
);
CREATE INDEX ix_opinion_session_id ON opinion (session_id, at, id);
CREATE INDEX ix_opinion_topic_id ON opinion (topic_id, at, id);
CREATE INDEX ix_opinion_member_id ON opinion (member_id);

CREATE TABLE verdict (
    id UUID NOT NULL,
    commitment_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    role VARCHAR(40) NOT NULL,
    fulfilled BOOLEAN NOT NULL,
    note VARCHAR,
    CONSTRAINT pk_verdict PRIMARY KEY (id),
    CONSTRAINT ck_verdict_dispute_has_reason CHECK (fulfilled OR length(btrim(note)) > 0),
    CONSTRAINT ck_verdict_note_length CHECK (length(note) <= 2000),
    CONSTRAINT ck_verdict_role CHECK (role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')),
    CONSTRAINT fk_verdict_commitment_id FOREIGN KEY(commitment_id) REFERENCES commitment (id)
);
CREATE INDEX ix_verdict_commitment_id ON verdict (commitment_id, at, id);

CREATE TABLE conversion (
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    title VARCHAR NOT NULL,
    submitted_on DATE NOT NULL,
    filed BOOLEAN,
    author_id UUID,
    outcome_id UUID,
    opinion_id UUID,
    platform_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    CONSTRAINT pk_conversion PRIMARY KEY (id),
    CONSTRAINT ck_conversion_one_source CHECK (num_nonnulls(outcome_id, opinion_id) = 1),
    CONSTRAINT ck_conversion_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    CONSTRAINT uq_conversion_outcome_id_kind UNIQUE (outcome_id, kind),
    CONSTRAINT uq_conversion_opinion_id_kind UNIQUE (opinion_id, kind),
    CONSTRAINT ck_conversion_kind CHECK (kind IN ('SUGGESTION', 'PROPOSAL', 'SOCIAL_OPINION_REPORT')),
    CONSTRAINT fk_conversion_author_id FOREIGN KEY(author_id) REFERENCES member (id),
    CONSTRAINT fk_conversion_outcome_id FOREIGN KEY(outcome_id) REFERENCES outcome (id),
    CONSTRAINT fk_conversion_opinion_id FOREIGN KEY(opinion_id) REFERENCES opinion (id),
    CONSTRAINT fk_conversion_platform_id FOREIGN KEY(platform_id) REFERENCES platform (id),
    CONSTRAINT fk_conversion_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_conversion_author_id ON conversion (author_id);
CREATE INDEX ix_conversion_division_number ON conversion (division_number);
CREATE INDEX ix_conversion_platform_id ON conversion (platform_id);

CREATE TABLE follow_up (
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    division_number BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    role VARCHAR(40) NOT NULL,
    score INTEGER NOT NULL,
    confirms_fix BOOLEAN NOT NULL,
    comment VARCHAR,
    CONSTRAINT pk_follow_up PRIMARY KEY (id),
    CONSTRAINT ck_follow_up_score_range CHECK (score BETWEEN 1 AND 5),
    CONSTRAINT ck_follow_up_comment_length CHECK (length(comment) <= 2000),
    CONSTRAINT ck_follow_up_role CHECK (role IN ('MEMBER', 'CADRE', 'DEPARTMENT', 'ENTERPRISE', 'RESIDENT', 'STAKEHOLDER', 'OTHER')),
    CONSTRAINT fk_follow_up_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id),
    CONSTRAINT fk_follow_up_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_follow_up_division_number ON follow_up (division_number);
CREATE INDEX ix_follow_up_topic_id ON follow_up (topic_id, at, id);

CREATE TABLE conversion_tally (
    county_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    conversions INTEGER NOT NULL,
    CONSTRAINT pk_conversion_tally PRIMARY KEY (county_number, year, kind)
);
CREATE TABLE satisfaction_tally (
    county_number BIGINT NOT NULL,
    year INTEGER NOT NULL,
    follow_ups INTEGER NOT NULL,
    score INTEGER NOT NULL,
    CONSTRAINT pk_satisfaction_tally PRIMARY KEY (county_number, year)
);

CREATE FUNCTION keep_conversion_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE conversion_tally SET conversions = conversions - 1
        WHERE county_number = county_of(OLD.division_number) AND year = extract(year FROM OLD.submitted_on)
          AND kind = OLD.kind;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO conversion_tally
        VALUES (county_of(NEW.division_number), extract(year FROM NEW.submitted_on), NEW.kind, 1)
        ON CONFLICT ON CONSTRAINT pk_conversion_tally
        DO UPDATE SET conversions = conversion_tally.conversions + 1;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION keep_satisfaction_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE satisfaction_tally SET follow_ups = follow_ups - 1, score = score - OLD.score
        WHERE county_number = county_of(OLD.division_number) AND year = china_year(OLD.at);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO satisfaction_tally VALUES (county_of(NEW.division_number), china_year(NEW.at), 1, NEW.score)
        ON CONFLICT ON CONSTRAINT pk_satisfaction_tally
        DO UPDATE SET follow_ups = satisfaction_tally.follow_ups + 1,
                      score = satisfaction_tally.score + EXCLUDED.score;
    END IF;
    RETURN NULL;
END
$$;

-- What was counted before is counted as before, and these beside it.
ALTER FUNCTION recount_tallies() RENAME TO recount_topic_tallies;
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE sql AS $$
    SELECT recount_topic_tallies();
    DELETE FROM conversion_tally;
    INSERT INTO conversion_tally
    SELECT county_of(division_number), extract(year FROM submitted_on), kind, count(*) FROM conversion GROUP BY 1, 2, 3;
    DELETE FROM satisfaction_tally;
    INSERT INTO satisfaction_tally
    SELECT county_of(division_number), china_year(at), count(*), sum(score) FROM follow_up GROUP BY 1, 2
$$;
CREATE TRIGGER keep_conversion_tally AFTER INSERT OR UPDATE OF division_number, submitted_on, kind OR DELETE
    ON conversion FOR EACH ROW EXECUTE FUNCTION keep_conversion_tally();
CREATE TRIGGER keep_satisfaction_tally AFTER INSERT OR UPDATE OF division_number, at, score OR DELETE
    ON follow_up FOR EACH ROW EXECUTE FUNCTION keep_satisfaction_tally();
