-- Tenants and the heads of their logs. The tenant is the shard key: every key below begins with tenant_id.

CREATE TABLE tenants (
    tenant_id       text        NOT NULL PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9-]{0,53}$' OR tenant_id ~ '^receipts-[a-z0-9][a-z0-9-]{0,53}$'),
    state           text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    log_public      boolean     NOT NULL DEFAULT false,
    current_epoch   integer     NOT NULL DEFAULT 1 CHECK (current_epoch >= 1),
    anchor_policy   text        NOT NULL DEFAULT 'checkpoint' CHECK (anchor_policy IN ('checkpoint', 'entry', 'off')),
    anchor_entries  integer     NOT NULL DEFAULT 1000 CHECK (anchor_entries >= 1),
    anchor_seconds  integer     NOT NULL DEFAULT 60 CHECK (anchor_seconds >= 1),
    fail_mode       text        NOT NULL DEFAULT 'open' CHECK (fail_mode IN ('open', 'closed')),
    max_age_seconds integer     NULL CHECK (max_age_seconds >= 1),
    created_at      timestamptz NOT NULL
);

-- One row per epoch of a tenant's log. Locked FOR UPDATE by every write of that log and by nothing else: it is the serial order.
-- halted: the problem slug that the integrator found (log-rolled-back) and appends answer with; null while the log is sound.
CREATE TABLE chain_heads (
    tenant_id text        NOT NULL REFERENCES tenants (tenant_id),
    epoch     integer     NOT NULL CHECK (epoch >= 1),
    origin    text        NOT NULL,
    next_seq  bigint      NOT NULL DEFAULT 0 CHECK (next_seq >= 0),
    head_hash bytea       NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(head_hash) = 32),
    halted    text        NULL,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, epoch)
) WITH (fillfactor = 50); -- room for HOT updates: this row changes with every group commit
