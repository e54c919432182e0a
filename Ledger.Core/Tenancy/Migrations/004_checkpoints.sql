-- What the integrators have computed. right_edge: the roots of the complete subtrees of tree_size, largest first, 32 bytes each.
-- lease_until: a claimed head is left alone until then; a dead worker's claim lapses by itself.
CREATE TABLE tree_heads (
    tenant_id   text        NOT NULL,
    epoch       integer     NOT NULL,
    tree_size   bigint      NOT NULL DEFAULT 0 CHECK (tree_size >= 0),
    root        bytea       NOT NULL CHECK (octet_length(root) = 32),
    right_edge  bytea       NOT NULL DEFAULT ''::bytea,
    lease_owner text        NULL,
    lease_until timestamptz NULL,
    PRIMARY KEY (tenant_id, epoch),
    FOREIGN KEY (tenant_id, epoch) REFERENCES chain_heads (tenant_id, epoch)
) WITH (fillfactor = 50);

-- Full tiles only (C2SP tlog-tiles, height 8): 256 hashes. root is the hash above them, so that a tile one level up reads 32 bytes for it.
CREATE TABLE tiles (
    tenant_id text    NOT NULL,
    epoch     integer NOT NULL,
    level     integer NOT NULL CHECK (level >= 0),
    idx       bigint  NOT NULL CHECK (idx >= 0),
    root      bytea   NOT NULL CHECK (octet_length(root) = 32),
    hashes    bytea   NOT NULL CHECK (octet_length(hashes) = 8192),
    PRIMARY KEY (tenant_id, epoch, level, idx)
);

-- Every checkpoint ever signed, as the signed note that was shown.
CREATE TABLE checkpoints (
    tenant_id  text        NOT NULL,
    epoch      integer     NOT NULL,
    tree_size  bigint      NOT NULL CHECK (tree_size >= 0),
    root       bytea       NOT NULL CHECK (octet_length(root) = 32),
    note       text        NOT NULL,
    key_id     text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, epoch, tree_size)
);

-- How far the scrubber is in its current pass, and what it last found wrong.
CREATE TABLE scrubs (
    tenant_id       text        NOT NULL,
    epoch           integer     NOT NULL,
    next_seq        bigint      NOT NULL DEFAULT 0,
    passes          bigint      NOT NULL DEFAULT 0,
    last_pass_at    timestamptz NULL,
    finding_reason  text        NULL,
    finding_seq     bigint      NULL,
    finding_at      timestamptz NULL,
    PRIMARY KEY (tenant_id, epoch),
    FOREIGN KEY (tenant_id, epoch) REFERENCES chain_heads (tenant_id, epoch)
);
