-- What search finds things by: one document for each, under the thing's own id.

CREATE TABLE search_document (
    id UUID CONSTRAINT pk_search_document PRIMARY KEY,
    kind VARCHAR(40) NOT NULL
        CONSTRAINT ck_search_document_kind CHECK (kind IN ('TOPIC', 'MATTER', 'OUTCOME', 'PLATFORM')),
    division_number BIGINT NOT NULL CONSTRAINT fk_search_document_division_number REFERENCES division (number),
    title VARCHAR,
    text VARCHAR,
    terms TSVECTOR NOT NULL,
    edition SMALLINT NOT NULL,
    CONSTRAINT ck_search_document_has_words CHECK (title IS NOT NULL OR text IS NOT NULL)
);
CREATE INDEX ix_search_document_terms ON search_document USING gin (terms);
