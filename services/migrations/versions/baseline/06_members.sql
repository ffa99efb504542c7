-- Committees, their liaison groups and their members.

CREATE TABLE committee (
    id UUID CONSTRAINT pk_committee PRIMARY KEY,
    name VARCHAR NOT NULL CONSTRAINT ck_committee_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    division_number BIGINT NOT NULL
        CONSTRAINT uq_committee_division_number UNIQUE
        CONSTRAINT fk_committee_division_number REFERENCES division (number)
);

CREATE TABLE liaison_group (
    id UUID CONSTRAINT pk_liaison_group PRIMARY KEY,
    name VARCHAR NOT NULL
        CONSTRAINT ck_liaison_group_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    committee_id UUID NOT NULL CONSTRAINT fk_liaison_group_committee_id REFERENCES committee (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_liaison_group_division_number REFERENCES division (number)
);
CREATE INDEX ix_liaison_group_committee_id ON liaison_group (committee_id);
CREATE INDEX ix_liaison_group_division_number ON liaison_group (division_number);

CREATE TABLE member (
    id UUID CONSTRAINT pk_member PRIMARY KEY,
    name VARCHAR NOT NULL CONSTRAINT ck_member_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    sector VARCHAR NOT NULL
        CONSTRAINT ck_member_sector_bound CHECK (length(sector) BETWEEN 1 AND 100 AND is_line(sector)),
    committee_id UUID NOT NULL CONSTRAINT fk_member_committee_id REFERENCES committee (id),
    liaison_group_id UUID CONSTRAINT fk_member_liaison_group_id REFERENCES liaison_group (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_member_division_number REFERENCES division (number),
    subject VARCHAR CONSTRAINT ck_member_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    CONSTRAINT uq_member_committee_id_subject UNIQUE (committee_id, subject)
);
CREATE INDEX ix_member_committee_id ON member (committee_id);
CREATE INDEX ix_member_division_number ON member (division_number);
CREATE INDEX ix_member_liaison_group_id ON member (liaison_group_id);
CREATE INDEX ix_member_subject ON member (subject);
