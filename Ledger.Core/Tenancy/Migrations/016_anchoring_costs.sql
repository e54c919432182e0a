-- What costs nothing while nothing happens: who anchors looks at logs that moved, not at every tenant.

-- Null: nothing of this log is wanted by any configured transparency log that it does not hold; nobody looks at it. A number: somebody has to
-- look. It is null only where a look found it so, and every event that could make that untrue sets it again: the tree grew, the tenant's
-- policy is off no more, a transparency log is configured anew. The last two raise the number, so that a look that began before them and
-- ends after them is seen to be of something else.
ALTER TABLE tree_heads ADD COLUMN unanchored bigint NULL DEFAULT 1;
-- The scheduler and its metric: which logs have to be looked at?
CREATE INDEX tree_heads_unanchored ON tree_heads (tenant_id, epoch) WHERE unanchored IS NOT NULL;
GRANT UPDATE (unanchored) ON tree_heads TO ledger_worker;

CREATE FUNCTION stir_grown() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.unanchored := COALESCE(NEW.unanchored, 1);
    RETURN NEW;
END $$;
CREATE TRIGGER stir_grown BEFORE UPDATE ON tree_heads FOR EACH ROW WHEN (NEW.tree_size <> OLD.tree_size) EXECUTE FUNCTION stir_grown();
ALTER TABLE tree_heads ENABLE ALWAYS TRIGGER stir_grown;

-- Whoever changes a policy or registers a log has no business in tree_heads otherwise: these run with the owner's rights.
CREATE FUNCTION stir_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE ledger.tree_heads SET unanchored = COALESCE(unanchored, 0) + 1 WHERE tenant_id = NEW.tenant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stir_tenant AFTER UPDATE ON tenants FOR EACH ROW
  WHEN (OLD.anchor_policy = 'off' AND NEW.anchor_policy <> 'off') EXECUTE FUNCTION stir_tenant();
ALTER TABLE tenants ENABLE ALWAYS TRIGGER stir_tenant;

CREATE FUNCTION stir_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM ledger.tree_heads ORDER BY tenant_id, epoch FOR UPDATE;
    UPDATE ledger.tree_heads SET unanchored = COALESCE(unanchored, 0) + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER stir_all_added AFTER INSERT ON transparency_logs FOR EACH ROW WHEN (NEW.ordinal IS NOT NULL) EXECUTE FUNCTION stir_all();
CREATE TRIGGER stir_all_again AFTER UPDATE ON transparency_logs FOR EACH ROW
  WHEN (OLD.ordinal IS NULL AND NEW.ordinal IS NOT NULL) EXECUTE FUNCTION stir_all();
ALTER TABLE transparency_logs ENABLE ALWAYS TRIGGER stir_all_added;
ALTER TABLE transparency_logs ENABLE ALWAYS TRIGGER stir_all_again;
REVOKE EXECUTE ON FUNCTION stir_grown(), stir_tenant(), stir_all() FROM PUBLIC;

-- Policies that are off: whose open jobs are to be disabled?
CREATE INDEX tenants_off ON tenants (tenant_id) WHERE anchor_policy = 'off';

-- Until when the other side asked to be left alone; null where it did not. What hastens a job does not undercut it.
ALTER TABLE jobs ADD COLUMN not_before timestamptz NULL;

-- As in 012, and jobs that wait or gave up before they chose a checkpoint: they are of the newest one there is.
CREATE OR REPLACE VIEW fact_chain_checkpoints WITH (security_invoker = true) AS
SELECT j.tenant_id, j.epoch,
       COALESCE(j.position, (SELECT max(k.tree_size) FROM checkpoints k WHERE k.tenant_id = j.tenant_id AND k.epoch = j.epoch)) - 1
           AS covered_chain_seq,
       CASE j.status WHEN 'done' THEN 'submitted' WHEN 'running' THEN 'pending' WHEN 'discarded' THEN 'dead_letter' ELSE j.status END AS status,
       j.attempt_count, j.created_at, a.submitted_at, j.next_retry_at, j.last_error, j.last_error_class,
       a.tl_backend, a.tl_log_id, a.tl_leaf_hash, a.tl_log_index, a.tl_integrated_time, a.tl_tree_size, a.tl_root_hash, a.tl_checkpoint,
       a.tl_inclusion_proof, a.tl_raw
  FROM jobs j
  LEFT JOIN LATERAL (SELECT c.* FROM anchors c
                      WHERE c.tenant_id = j.tenant_id AND c.epoch = j.epoch AND c.kind = 'checkpoint' AND c.position = j.position
                        AND c.tl_log_id = j.tl_log_id
                      ORDER BY c.tl_log_index LIMIT 1) a ON true
 WHERE j.queue = 'checkpoints.to_anchor' AND j.is_primary
   AND (j.position IS NOT NULL OR (j.last_error IS NOT NULL AND j.status IN ('pending', 'running', 'dead_letter')));
