-- What anchoring needs beside 005 and 006: the transparency logs themselves, the frozen bytes of a job, and the file that is handed out.

-- The anchor as every endpoint hands it out: the RFC 8785 bytes of a Sigstore bundle v0.3, verified before it was stored.
ALTER TABLE anchors ADD COLUMN sigstore_bundle bytea NOT NULL;

-- How far is the anchoring of a tenant in one log? The scheduler.
CREATE INDEX anchors_by_log ON anchors (tenant_id, epoch, kind, tl_log_id, position);

-- attempt_count is every attempt, counted_attempts those that failed and count toward max_attempts. is_primary: the job's log was the primary
-- one when the job was made. frozen_key_id: the key that frozen_signature verifies under. Null for jobs that anchor nothing.
ALTER TABLE jobs ADD COLUMN counted_attempts integer NOT NULL DEFAULT 0, ADD COLUMN is_primary boolean NULL, ADD COLUMN frozen_key_id text NULL,
    ADD CHECK ((frozen_signature IS NULL) = (frozen_key_id IS NULL)),
    ADD CHECK (frozen_timestamp IS NULL OR frozen_signature IS NOT NULL);

-- A tenant's checkpoints go to a log one at a time, in ascending size: no new job while one is open. A dead-lettered one is open until
-- somebody replays or discards it.
CREATE UNIQUE INDEX jobs_one_open_anchor ON jobs (tenant_id, epoch, tl_log_id)
 WHERE queue = 'checkpoints.to_anchor' AND status IN ('pending', 'running', 'dead_letter', 'disabled');

-- The claim: the longest due job of a queue, for anchors of one transparency log. (006's index had running jobs among the pending ones.)
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (queue, tl_log_id, next_retry_at, created_at) WHERE status = 'pending';
-- The rescuer: whose lease lapsed?
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE status = 'running';
-- The list of dead letters, newest first.
CREATE INDEX jobs_dead ON jobs (finished_at, id) WHERE status = 'dead_letter';
-- What is unfinished, by tenant: a policy that is switched off or on; and by queue: the gauges.
CREATE INDEX jobs_unfinished ON jobs (tenant_id, queue, status) WHERE status IN ('pending', 'running', 'dead_letter', 'disabled');
-- The cleaner: what was finished long ago? Checkpoint jobs are the truth of fact_chain_checkpoints and stay.
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE status IN ('done', 'discarded') AND queue <> 'checkpoints.to_anchor';

-- What was chosen and signed is what every retry sends: whoever holds the row, frozen bytes are set once.
CREATE FUNCTION refuse_thaw() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%.%: frozen bytes of a job are set once', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'LG001';
END $$;
CREATE TRIGGER frozen_once BEFORE UPDATE ON jobs FOR EACH ROW
  WHEN ((OLD.frozen_signature IS NOT NULL AND (NEW.frozen_signature, NEW.frozen_key_id, NEW.epoch, NEW.position, NEW.tl_log_id)
                                  IS DISTINCT FROM (OLD.frozen_signature, OLD.frozen_key_id, OLD.epoch, OLD.position, OLD.tl_log_id))
        OR (OLD.frozen_timestamp IS NOT NULL AND NEW.frozen_timestamp IS DISTINCT FROM OLD.frozen_timestamp))
  EXECUTE FUNCTION refuse_thaw();
ALTER TABLE jobs ENABLE ALWAYS TRIGGER frozen_once;

-- The transparency logs that the configuration named, newest configuration last. No tenant's data. A log that is configured no more keeps
-- its row: anchors and waiting jobs name it. ordinal: 0 is the primary log; null where it is configured no more.
-- budget_*: the state of its submission budget (SubmissionBudgetState); null before the first submission. Times and errors are for operators.
CREATE TABLE transparency_logs (
    tl_log_id         text        NOT NULL PRIMARY KEY CHECK (tl_log_id ~ '^[0-9a-f]{64}$'),
    ordinal           integer     NULL CHECK (ordinal >= 0),
    backend           text        NOT NULL CHECK (backend IN ('rekor-v1', 'rekor-v2')),
    url               text        NOT NULL,
    quarantined_at    timestamptz NULL,
    quarantine_reason text        NULL,
    budget_tokens     double precision NULL CHECK (budget_tokens >= 0),
    budget_at         timestamptz NULL,
    last_success_at   timestamptz NULL,
    last_failure_at   timestamptz NULL,
    last_error        text        NULL,
    last_error_class  text        NULL CHECK (last_error_class IN ('config', 'network', 'log')),
    CHECK ((quarantined_at IS NULL) = (quarantine_reason IS NULL)),
    CHECK ((budget_tokens IS NULL) = (budget_at IS NULL))
) WITH (fillfactor = 50);

-- The newest checkpoint of each shard that verified: what its next one must be consistent with.
CREATE TABLE transparency_log_heads (
    tl_log_id  text        NOT NULL,
    origin     text        NOT NULL,
    tree_size  bigint      NOT NULL CHECK (tree_size >= 0),
    root_hash  bytea       NOT NULL CHECK (octet_length(root_hash) = 32),
    checkpoint text        NOT NULL,
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (tl_log_id, origin)
) WITH (fillfactor = 50);

GRANT SELECT ON transparency_logs, transparency_log_heads TO ledger_app, ledger_worker, ledger_admin;
GRANT INSERT, UPDATE ON transparency_logs, transparency_log_heads TO ledger_worker;

-- The scheduler reads every tenant's policy; changing one stays the tenant's own.
CREATE POLICY every_tenant ON tenants FOR SELECT TO ledger_worker USING (true);

-- Operators change dead letters; 013 says which rows.
GRANT UPDATE (counted_attempts) ON jobs TO ledger_admin;

-- As in 010, for the primary log: with a second log a size would show twice.
CREATE OR REPLACE VIEW fact_chain_checkpoints WITH (security_invoker = true) AS
SELECT j.tenant_id, j.epoch, j.position - 1 AS covered_chain_seq,
       CASE j.status WHEN 'done' THEN 'submitted' WHEN 'running' THEN 'pending' WHEN 'discarded' THEN 'dead_letter' ELSE j.status END AS status,
       j.attempt_count, j.created_at, a.submitted_at, j.next_retry_at, j.last_error, j.last_error_class,
       a.tl_backend, a.tl_log_id, a.tl_leaf_hash, a.tl_log_index, a.tl_integrated_time, a.tl_tree_size, a.tl_root_hash, a.tl_checkpoint,
       a.tl_inclusion_proof, a.tl_raw
  FROM jobs j
  LEFT JOIN LATERAL (SELECT c.* FROM anchors c
                      WHERE c.tenant_id = j.tenant_id AND c.epoch = j.epoch AND c.kind = 'checkpoint' AND c.position = j.position
                        AND c.tl_log_id = j.tl_log_id
                      ORDER BY c.tl_log_index LIMIT 1) a ON true
 WHERE j.queue = 'checkpoints.to_anchor' AND j.is_primary AND j.position IS NOT NULL;
