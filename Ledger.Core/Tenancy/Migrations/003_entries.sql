-- The log. No foreign keys here: the head row that every insert holds locked is the parent, and checking it again costs on the hot path.
CREATE TABLE chain_entries (
    tenant_id           text        NOT NULL,
    epoch               integer     NOT NULL,
    seq                 bigint      NOT NULL CHECK (seq >= 0),
    id                  uuid        NOT NULL,
    predicate_type      text        NOT NULL,
    subject             text        NOT NULL,
    payload_hash        bytea       NOT NULL CHECK (octet_length(payload_hash) = 32),
    created_at          timestamptz NOT NULL,
    meta_commitment     bytea       NOT NULL CHECK (octet_length(meta_commitment) = 32),
    previous_checkpoint text        NULL,
    key_id              text        NOT NULL,
    signature           bytea       NOT NULL,
    statement_sha256    bytea       NOT NULL CHECK (octet_length(statement_sha256) = 32),
    prev                bytea       NOT NULL CHECK (octet_length(prev) = 32),
    leaf_hash           bytea       NOT NULL CHECK (octet_length(leaf_hash) = 32),
    PRIMARY KEY (tenant_id, epoch, seq),  -- the chain, in order; GET /entries pages
    UNIQUE (tenant_id, epoch, prev)       -- no two entries follow the same one: a fork cannot be stored
);

-- GET /entries/{id}; from/to filters too, since a UUIDv7 begins with created_at's milliseconds.
CREATE UNIQUE INDEX chain_entries_by_id ON chain_entries (tenant_id, id);
-- GET /entries?payload_hash=
CREATE INDEX chain_entries_by_payload_hash ON chain_entries (tenant_id, payload_hash);
-- GET /entries?subject=, newest first
CREATE INDEX chain_entries_by_subject ON chain_entries (tenant_id, subject, epoch, seq);
-- The runbook's "entries of the last hour", across tenants. Block ranges: next to free to keep.
CREATE INDEX chain_entries_by_time ON chain_entries USING brin (created_at);

-- What erasure deletes: the metadata (JCS bytes) and its salt, beside the entry so that no proof depends on it.
CREATE TABLE entry_meta (
    tenant_id text    NOT NULL,
    epoch     integer NOT NULL,
    seq       bigint  NOT NULL,
    meta      bytea   NOT NULL,
    salt      bytea   NOT NULL CHECK (octet_length(salt) = 32),
    PRIMARY KEY (tenant_id, epoch, seq)
);

-- One row per Idempotency-Key that was answered 2xx. A batch's accepted items have consecutive seqs; refused keeps its refused items' problems.
-- salt and fingerprint are null once one of its entries was erased.
CREATE TABLE idempotency (
    tenant_id   text        NOT NULL,
    principal   text        NOT NULL,
    route       text        NOT NULL,
    key         text        NOT NULL,
    epoch       integer     NOT NULL,
    first_seq   bigint      NULL,
    last_seq    bigint      NULL,
    salt        bytea       NULL,
    fingerprint bytea       NULL,
    refused     jsonb       NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, principal, route, key)
);

-- Erasure's question: which key answered with this entry?
CREATE INDEX idempotency_by_seq ON idempotency (tenant_id, epoch, first_seq);
-- The cleaner's question: which have expired?
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
