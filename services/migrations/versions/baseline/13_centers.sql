-- Practice centers and their activities.

CREATE TABLE practice_center (
    id UUID CONSTRAINT pk_practice_center PRIMARY KEY,
    name VARCHAR NOT NULL
        CONSTRAINT ck_practice_center_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    division_number BIGINT NOT NULL CONSTRAINT fk_practice_center_division_number REFERENCES division (number),
    opened_on DATE CONSTRAINT ck_practice_center_opened_on_bound CHECK (in_range(opened_on)),
    areas VARCHAR[] NOT NULL
        CONSTRAINT ck_practice_center_areas_bound CHECK (cardinality(areas) BETWEEN 1 AND 30 AND are_lines(areas, 100)),
    functions VARCHAR[] NOT NULL
        CONSTRAINT ck_practice_center_functions_bound CHECK (
            cardinality(functions) BETWEEN 0 AND 30 AND are_lines(functions, 100)
        )
);
CREATE UNIQUE INDEX uq_practice_center_division_number_name ON practice_center (division_number, name);

CREATE TABLE activity (
    id UUID CONSTRAINT pk_activity PRIMARY KEY,
    kind VARCHAR NOT NULL CONSTRAINT ck_activity_kind_bound CHECK (length(kind) BETWEEN 1 AND 40 AND is_line(kind)),
    title VARCHAR NOT NULL
        CONSTRAINT ck_activity_title_bound CHECK (length(title) BETWEEN 1 AND 200 AND is_line(title)),
    held_on DATE NOT NULL CONSTRAINT ck_activity_held_on_bound CHECK (in_range(held_on)),
    center_id UUID CONSTRAINT fk_activity_center_id REFERENCES practice_center (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_activity_division_number REFERENCES division (number),
    headcount INTEGER CONSTRAINT ck_activity_headcount_bound CHECK (headcount BETWEEN 0 AND 100000)
);
CREATE INDEX ix_activity_center_id ON activity (center_id, held_on, id);
CREATE INDEX ix_activity_division_number ON activity (division_number);

CREATE TABLE activity_member (
    activity_id UUID NOT NULL CONSTRAINT fk_activity_member_activity_id REFERENCES activity (id),
    member_id UUID NOT NULL CONSTRAINT fk_activity_member_member_id REFERENCES member (id),
    CONSTRAINT pk_activity_member PRIMARY KEY (activity_id, member_id)
);
CREATE INDEX ix_activity_member_member_id ON activity_member (member_id, activity_id);
