-- The administrative divisions.

CREATE TABLE division (
    number BIGINT CONSTRAINT pk_division PRIMARY KEY,
    upper BIGINT NOT NULL,
    code VARCHAR NOT NULL CONSTRAINT uq_division_code UNIQUE,
    name VARCHAR NOT NULL,
    level VARCHAR(40) NOT NULL
        CONSTRAINT ck_division_level CHECK (level IN ('PROVINCE', 'CITY', 'COUNTY', 'TOWNSHIP', 'VILLAGE')),
    parent_number BIGINT CONSTRAINT fk_division_parent_number REFERENCES division (number),
    kind VARCHAR(40) DEFAULT 'ADMINISTRATIVE' NOT NULL
        CONSTRAINT ck_division_kind CHECK (kind IN ('ADMINISTRATIVE', 'DEVELOPMENT_ZONE')),
    CONSTRAINT ck_division_number_is_padded_code CHECK (number = rpad(code, 12, '0')::bigint),
    CONSTRAINT ck_division_only_provinces_lack_parent CHECK ((level = 'PROVINCE') = (parent_number IS NULL)),
    CONSTRAINT ck_division_upper_is_successor CHECK (upper = number + (10 ^ (12 - length(code)))::bigint)
);
CREATE INDEX ix_division_parent_number ON division (parent_number, number);
