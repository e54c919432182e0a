-- Who did what: written in the transaction of the act itself, moved from here into the log platform-audit by the workers.
CREATE TABLE audit_outbox (
    tenant_id  text        NOT NULL,
    id         uuid        NOT NULL,
    event      bytea       NOT NULL, -- RFC 8785 bytes: the meta of the audit entry
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Authenticates list cursors, the same for every API process. Random at creation; not a secret that guards data: rows are guarded by tenant.
CREATE TABLE cursor_keys (
    id     integer NOT NULL PRIMARY KEY,
    secret bytea   NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO cursor_keys VALUES (1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
