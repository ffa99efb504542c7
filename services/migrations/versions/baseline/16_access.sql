-- Who was given which role, by whom. A grant that was taken back stays in the record.

CREATE TABLE role_grant (
    id UUID CONSTRAINT pk_role_grant PRIMARY KEY,
    subject VARCHAR NOT NULL
        CONSTRAINT ck_role_grant_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    role VARCHAR(40) NOT NULL
        CONSTRAINT ck_role_grant_role CHECK (
            role IN ('RESIDENT', 'MEMBER', 'CADRE', 'SECRETARIAT', 'APPROVER', 'DEPARTMENT', 'OPERATOR', 'AUDITOR')
        ),
    division_number BIGINT NOT NULL CONSTRAINT fk_role_grant_division_number REFERENCES division (number),
    department_id UUID CONSTRAINT fk_role_grant_department_id REFERENCES department (id),
    granted_by VARCHAR NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_role_grant_granted_at_bound CHECK (in_range(granted_at)),
    revoked_by VARCHAR,
    revoked_at TIMESTAMP WITH TIME ZONE CONSTRAINT ck_role_grant_revoked_at_bound CHECK (in_range(revoked_at)),
    CONSTRAINT ck_role_grant_department_has_role CHECK ((role = 'DEPARTMENT') = (department_id IS NOT NULL)),
    CONSTRAINT ck_role_grant_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX ix_role_grant_division_number ON role_grant (division_number);
CREATE UNIQUE INDEX uq_role_grant_current ON role_grant (subject, role, division_number, department_id)
    NULLS NOT DISTINCT WHERE revoked_at IS NULL;
