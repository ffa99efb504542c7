-- Departments, and the state of the channel to each.

CREATE TABLE department (
    id UUID CONSTRAINT pk_department PRIMARY KEY,
    code VARCHAR NOT NULL
        CONSTRAINT uq_department_code UNIQUE
        CONSTRAINT ck_department_code_bound CHECK (
            length(code) BETWEEN 1 AND 40 AND is_line(code) AND code ~ '^([a-z0-9-]{2,40})$'
        ),
    name VARCHAR NOT NULL CONSTRAINT ck_department_name_bound CHECK (length(name) BETWEEN 1 AND 100 AND is_line(name)),
    kind VARCHAR(40) NOT NULL
        CONSTRAINT ck_department_kind CHECK (
            kind IN ('COURT', 'FORESTRY', 'POWER', 'GAS', 'WATER', 'HEATING', 'TRANSPORT', 'HOUSING',
            'URBAN_MANAGEMENT', 'AGRICULTURE', 'CULTURE_TOURISM', 'PUBLIC_SECURITY', 'CIVIL_AFFAIRS',
            'PROPERTY_MANAGEMENT', 'ENTERPRISE', 'OTHER')
        ),
    division_number BIGINT NOT NULL CONSTRAINT fk_department_division_number REFERENCES division (number)
);
CREATE INDEX ix_department_division_number ON department (division_number, code);

CREATE TABLE department_channel (
    department_id UUID
        CONSTRAINT pk_department_channel PRIMARY KEY
        CONSTRAINT fk_department_channel_department_id REFERENCES department (id),
    enabled BOOLEAN NOT NULL,
    paused_until TIMESTAMP WITH TIME ZONE
        CONSTRAINT ck_department_channel_paused_until_bound CHECK (in_range(paused_until)),
    pauses INTEGER NOT NULL CONSTRAINT ck_department_channel_pauses_not_negative CHECK (pauses >= 0),
    last_error VARCHAR
);
