-- A key is its public bytes; (vault_name, vault_version) is a hint. Written before first use, never deleted: Vault forgets old versions.
-- tenant_id is '' for the service's own keys (entry, checkpoint) and the tenant's for keys that are the tenant's alone (anchor, payload).
CREATE TABLE signing_keys (
    tenant_id     text        NOT NULL DEFAULT '',
    key_id        text        NOT NULL,
    purpose       text        NOT NULL CHECK (purpose IN ('entry', 'checkpoint', 'anchor', 'payload')),
    vault_name    text        NOT NULL,
    vault_version integer     NOT NULL CHECK (vault_version >= 1),
    spki          bytea       NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_id, purpose),
    UNIQUE (tenant_id, vault_name, vault_version) -- the registry's question: which bytes are this version?
);

-- From which seq (purpose entry) or tree size (purpose checkpoint) to which a key is valid in a log, both inclusive. Open while to_position is null.
CREATE TABLE key_ranges (
    tenant_id     text    NOT NULL,
    epoch         integer NOT NULL,
    purpose       text    NOT NULL CHECK (purpose IN ('entry', 'checkpoint', 'anchor', 'payload')),
    key_id        text    NOT NULL,
    from_position bigint  NOT NULL CHECK (from_position >= 0),
    to_position   bigint  NULL CHECK (to_position >= from_position),
    PRIMARY KEY (tenant_id, epoch, purpose, key_id),
    FOREIGN KEY (tenant_id, epoch) REFERENCES chain_heads (tenant_id, epoch)
);
