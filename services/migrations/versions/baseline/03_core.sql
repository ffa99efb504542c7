-- Keys of this installation, and what mutations were answered.

CREATE TABLE installation_key (
    name VARCHAR CONSTRAINT pk_installation_key PRIMARY KEY,
    key BYTEA NOT NULL
);
INSERT INTO installation_key (name, key)
VALUES ('cursor', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

CREATE TABLE idempotency_key (
    subject VARCHAR NOT NULL
        CONSTRAINT ck_idempotency_key_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    key VARCHAR NOT NULL CONSTRAINT ck_idempotency_key_key_bound CHECK (length(key) BETWEEN 1 AND 255 AND is_line(key)),
    fingerprint VARCHAR NOT NULL,
    result VARCHAR,
    at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_idempotency_key_at_bound CHECK (in_range(at)),
    CONSTRAINT pk_idempotency_key PRIMARY KEY (subject, key)
);
