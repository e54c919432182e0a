-- Attestations: third-party keys, and the subjects that a statement speaks of. Nothing wrote to the table before this version.

-- Keys that a tenant accepts attestations by. key_id: SHA-256 of the SubjectPublicKeyInfo in hex; ssh_key_id: the SSH fingerprint, which
-- signers put into an envelope's keyid. Never deleted, and revoked for good: what it signed before stays explainable.
CREATE TABLE attestation_keys (
    tenant_id     text        NOT NULL REFERENCES tenants (tenant_id),
    key_id        text        NOT NULL CHECK (key_id ~ '^[0-9a-f]{64}$'),
    ssh_key_id    text        NOT NULL,
    name          text        NOT NULL,
    algorithm     text        NOT NULL CHECK (algorithm IN ('ed25519', 'ecdsa-p256')),
    spki          bytea       NOT NULL,
    registered_at timestamptz NOT NULL,
    revoked_at    timestamptz NULL,
    PRIMARY KEY (tenant_id, key_id)
);

-- A statement has several subjects: they are rows of attestation_subjects. key_id: whose signature was verified when it was stored.
DROP INDEX attestations_by_subject;
ALTER TABLE attestations DROP COLUMN subject_sha256, ADD COLUMN key_id text NOT NULL, ADD COLUMN predicate_type text NOT NULL;

CREATE TABLE attestation_subjects (
    tenant_id      text    NOT NULL,
    subject_sha256 bytea   NOT NULL CHECK (octet_length(subject_sha256) = 32),
    epoch          integer NOT NULL,
    seq            bigint  NOT NULL,
    sha256         bytea   NOT NULL,
    PRIMARY KEY (tenant_id, subject_sha256, epoch, seq) -- GET /attestations?subject_sha256=, newest first
);
-- GET /attestations: newest first. The payload and attestation jobs' question: which envelope is entry seq?
CREATE UNIQUE INDEX attestations_by_seq ON attestations (tenant_id, epoch, seq);
-- POST /api/v1/rekor/verify by uuid: which of our anchors is the log's entry?
CREATE INDEX anchors_by_entry_id ON anchors (tenant_id, tl_entry_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attestation_subjects FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE attestation_subjects ENABLE ALWAYS TRIGGER append_only;

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['attestation_keys', 'attestation_subjects'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format($p$CREATE POLICY own_tenant ON %I TO ledger_app, ledger_worker
                          USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true))$p$, guarded);
        EXECUTE format('CREATE POLICY every_tenant_read ON %I FOR SELECT TO ledger_admin USING (true)', guarded);
        EXECUTE format('GRANT SELECT ON %I TO ledger_app, ledger_worker, ledger_admin', guarded);
        EXECUTE format('GRANT INSERT ON %I TO ledger_app', guarded);
    END LOOP;
END $$;
GRANT UPDATE (revoked_at) ON attestation_keys TO ledger_app;

-- Operators read every tenant's jobs and change dead letters alone: back to pending, or given up. What such a job says or has frozen is not
-- theirs, and no tenant's request can touch a job. Who did it is written beside it, in the name of the tenant.
CREATE POLICY dead_letters ON jobs FOR UPDATE TO ledger_admin
    USING (status = 'dead_letter' AND tenant_id = current_setting('ledger.tenant', true))
    WITH CHECK (status IN ('pending', 'discarded') AND tenant_id = current_setting('ledger.tenant', true));
GRANT UPDATE (status, attempt_count, next_retry_at, finished_at) ON jobs TO ledger_admin;
CREATE POLICY own_tenant_write ON audit_outbox FOR INSERT TO ledger_admin WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
GRANT INSERT ON audit_outbox TO ledger_admin;
-- Their lists have cursors too.
GRANT SELECT ON cursor_keys TO ledger_admin;
