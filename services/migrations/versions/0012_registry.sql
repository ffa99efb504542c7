-- Practice centers, activities, and names that callers may now give.

CREATE TABLE practice_center (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    division_number BIGINT NOT NULL,
    opened_on DATE,
    areas VARCHAR[] NOT NULL,
    functions VARCHAR[] NOT NULL,
    CONSTRAINT pk_practice_center PRIMARY KEY (id),
    CONSTRAINT ck_practice_center_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    CONSTRAINT ck_practice_center_areas_count CHECK (cardinality(areas) BETWEEN 1 AND 30),
    CONSTRAINT fk_practice_center_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE UNIQUE INDEX uq_practice_center_division_number_name ON practice_center (division_number, name);

CREATE TABLE activity (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    held_on DATE NOT NULL,
    center_id UUID,
    division_number BIGINT NOT NULL,
    headcount INTEGER,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_kind_length CHECK (length(btrim(kind)) BETWEEN 1 AND 40),
    CONSTRAINT ck_activity_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    CONSTRAINT ck_activity_headcount_not_negative CHECK (headcount >= 0),
    CONSTRAINT fk_activity_center_id FOREIGN KEY(center_id) REFERENCES practice_center (id),
    CONSTRAINT fk_activity_division_number FOREIGN KEY(division_number) REFERENCES division (number)
);
CREATE INDEX ix_activity_center_id ON activity (center_id, held_on, id);
CREATE INDEX ix_activity_division_number ON activity (division_number);

CREATE TABLE activity_member (
    activity_id UUID NOT NULL,
    member_id UUID NOT NULL,
    CONSTRAINT pk_activity_member PRIMARY KEY (activity_id, member_id),
    CONSTRAINT fk_activity_member_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_activity_member_member_id FOREIGN KEY(member_id) REFERENCES member (id)
);
CREATE INDEX ix_activity_member_member_id ON activity_member (member_id, activity_id);

ALTER TABLE brand ADD CONSTRAINT ck_brand_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100);
ALTER TABLE platform ADD CONSTRAINT ck_platform_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200);
ALTER TABLE member
    ADD CONSTRAINT ck_member_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_member_sector_length CHECK (length(btrim(sector)) BETWEEN 1 AND 100);
