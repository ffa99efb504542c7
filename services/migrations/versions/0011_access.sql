-- Who was given which role, by whom. A grant that was taken back stays in the record.

CREATE TABLE role_grant (
    id UUID NOT NULL,
    subject VARCHAR NOT NULL,
    role VARCHAR(40) NOT NULL,
    division_number BIGINT NOT NULL,
    department_id UUID,
    granted_by VARCHAR NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_by VARCHAR,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT ck_role_grant_department_has_role CHECK ((role = 'DEPARTMENT') = (department_id IS NOT NULL)),
    CONSTRAINT ck_role_grant_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 255),
    CONSTRAINT ck_role_grant_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CONSTRAINT ck_role_grant_role CHECK (role IN ('RESIDENT', 'MEMBER', 'CADRE', 'SECRETARIAT', 'APPROVER', 'DEPARTMENT', 'OPERATOR', 'AUDITOR')),
    CONSTRAINT fk_role_grant_division_number FOREIGN KEY(division_number) REFERENCES division (number),
    CONSTRAINT fk_role_grant_department_id FOREIGN KEY(department_id) REFERENCES department (id)
);
CREATE INDEX ix_role_grant_division_number ON role_grant (division_number);
CREATE UNIQUE INDEX uq_role_grant_current ON role_grant (subject, role, division_number, department_id)
    NULLS NOT DISTINCT WHERE revoked_at IS NULL;
