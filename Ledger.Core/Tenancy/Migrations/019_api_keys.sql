-- API keys. Nothing here opens anything: hash is SHA-256 of the whole key, whose secret has 256 random bits. Rows are never deleted, so that a
-- key's name and maker stay explainable after it ended; revoked_at is set once.
CREATE TABLE api_keys (
    tenant_id    text        NOT NULL REFERENCES tenants (tenant_id),
    id           uuid        NOT NULL, -- UUIDv7: the order of GET /api/v1/api-keys
    prefix       text        NOT NULL CHECK (prefix ~ '^[a-z2-7]{12}$'),
    name         text        NOT NULL,
    scopes       text[]      NOT NULL CHECK (cardinality(scopes) >= 1),
    hash         bytea       NOT NULL CHECK (octet_length(hash) = 32),
    created_by   text        NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NULL,
    last_used_at timestamptz NULL, -- to the minute, and a little late: no request waits for it
    revoked_at   timestamptz NULL,
    revoked_by   text        NULL,
    replaced_by  uuid        NULL, -- the key that a rotation made of it
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, prefix),    -- the look-up of every request with a key
    FOREIGN KEY (tenant_id, replaced_by) REFERENCES api_keys (tenant_id, id),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
-- The limit's question: how many keys of the tenant are not revoked?
CREATE INDEX api_keys_unrevoked ON api_keys (tenant_id) WHERE revoked_at IS NULL;

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON api_keys TO ledger_app, ledger_worker
    USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY every_tenant_read ON api_keys FOR SELECT TO ledger_admin USING (true);

GRANT SELECT, INSERT ON api_keys TO ledger_app;
GRANT UPDATE (last_used_at, expires_at, revoked_at, revoked_by, replaced_by) ON api_keys TO ledger_app;
-- Whoever does not look keys up has no use for their hashes.
GRANT SELECT (tenant_id, id, prefix, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at, revoked_by, replaced_by)
   ON api_keys TO ledger_worker, ledger_admin;
