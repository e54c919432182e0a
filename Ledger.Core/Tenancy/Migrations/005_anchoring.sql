-- One row per entry that a transparency log holds of ours. position is the tree size (checkpoint) or the seq (payload, attestation).
CREATE TABLE anchors (
    tenant_id          text        NOT NULL,
    epoch              integer     NOT NULL,
    kind               text        NOT NULL CHECK (kind IN ('checkpoint', 'payload', 'attestation')),
    position           bigint      NOT NULL CHECK (position >= 0),
    tl_log_id          text        NOT NULL,
    tl_log_index       bigint      NOT NULL CHECK (tl_log_index >= 0),
    tl_backend         text        NOT NULL,
    tl_entry_id        text        NOT NULL, -- what rekor-cli get --uuid takes; an entry's rekor_log_id
    tl_leaf_hash       bytea       NOT NULL,
    tl_integrated_time timestamptz NULL,
    tl_tree_size       bigint      NOT NULL,
    tl_root_hash       bytea       NOT NULL,
    tl_checkpoint      text        NOT NULL,
    tl_inclusion_proof bytea[]     NOT NULL,
    tl_raw             bytea       NOT NULL,
    submitted_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, epoch, kind, position, tl_log_id, tl_log_index)
);

-- Third-party DSSE envelopes, kept to the byte.
CREATE TABLE attestations (
    tenant_id      text    NOT NULL,
    sha256         bytea   NOT NULL CHECK (octet_length(sha256) = 32),
    epoch          integer NOT NULL,
    seq            bigint  NOT NULL,
    envelope       bytea   NOT NULL CHECK (octet_length(envelope) <= 262144),
    subject_sha256 bytea   NULL,
    PRIMARY KEY (tenant_id, sha256)
);

-- GET /attestations?subject_sha256=
CREATE INDEX attestations_by_subject ON attestations (tenant_id, subject_sha256);
