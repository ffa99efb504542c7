-- Platforms and their brands.

CREATE TABLE brand (
    id UUID CONSTRAINT pk_brand PRIMARY KEY,
    name VARCHAR NOT NULL CONSTRAINT ck_brand_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    umbrella VARCHAR
        CONSTRAINT ck_brand_umbrella_bound CHECK (length(umbrella) BETWEEN 1 AND 100 AND is_line(umbrella)),
    division_number BIGINT NOT NULL CONSTRAINT fk_brand_division_number REFERENCES division (number),
    launched_on DATE CONSTRAINT ck_brand_launched_on_bound CHECK (in_range(launched_on)),
    CONSTRAINT uq_brand_division_number_name UNIQUE (division_number, name)
);

CREATE TABLE platform (
    id UUID CONSTRAINT pk_platform PRIMARY KEY,
    code VARCHAR NOT NULL
        CONSTRAINT uq_platform_code UNIQUE
        CONSTRAINT ck_platform_code_bound CHECK (
            length(code) BETWEEN 1 AND 40 AND is_line(code) AND code ~ '^([A-Z0-9-]{1,40})$'
        ),
    name VARCHAR NOT NULL CONSTRAINT ck_platform_name_bound CHECK (length(name) BETWEEN 1 AND 200 AND is_line(name)),
    tier VARCHAR(40) NOT NULL CONSTRAINT ck_platform_tier CHECK (tier IN ('GENERAL', 'SUB', 'MICRO')),
    kind VARCHAR(40) NOT NULL
        CONSTRAINT ck_platform_kind CHECK (
            kind IN ('COUNTY', 'TOWNSHIP', 'COMMUNITY', 'VILLAGE', 'MEMBER_STUDIO', 'OTHER')
        ),
    brand_id UUID CONSTRAINT fk_platform_brand_id REFERENCES brand (id),
    division_number BIGINT NOT NULL CONSTRAINT fk_platform_division_number REFERENCES division (number),
    parent_id UUID CONSTRAINT fk_platform_parent_id REFERENCES platform (id),
    liaison_group_id UUID CONSTRAINT fk_platform_liaison_group_id REFERENCES liaison_group (id),
    opened_on DATE CONSTRAINT ck_platform_opened_on_bound CHECK (in_range(opened_on)),
    closed_on DATE CONSTRAINT ck_platform_closed_on_bound CHECK (in_range(closed_on)),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_platform_recorded_at_bound CHECK (in_range(recorded_at)),
    CONSTRAINT ck_platform_closed_after_opened CHECK (closed_on > opened_on),
    CONSTRAINT ck_platform_only_general_lacks_parent CHECK ((tier = 'GENERAL') = (parent_id IS NULL)),
    CONSTRAINT ex_platform_one_general_at_a_time
        EXCLUDE USING gist (division_number WITH =, daterange(opened_on, closed_on) WITH &&) WHERE (tier = 'GENERAL')
);
CREATE INDEX ix_platform_brand_id ON platform (brand_id);
CREATE INDEX ix_platform_division_number ON platform (division_number, code);
CREATE INDEX ix_platform_liaison_group_id ON platform (liaison_group_id);
CREATE INDEX ix_platform_parent_id ON platform (parent_id, code);

CREATE TABLE platform_history (
    LIKE platform,
    replaced_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_platform_history_replaced_at_bound CHECK (in_range(replaced_at)),
    CONSTRAINT pk_platform_history PRIMARY KEY (id, recorded_at),
    CONSTRAINT ck_platform_history_replaced_after_recorded CHECK (replaced_at > recorded_at),
    CONSTRAINT ck_platform_history_opened_on_bound CHECK (in_range(opened_on)),
    CONSTRAINT ck_platform_history_closed_on_bound CHECK (in_range(closed_on)),
    CONSTRAINT ck_platform_history_recorded_at_bound CHECK (in_range(recorded_at))
);
SELECT define_as_of('platform');
CREATE TRIGGER keep_history BEFORE INSERT OR UPDATE OR DELETE ON platform
    FOR EACH ROW EXECUTE FUNCTION keep_history();
