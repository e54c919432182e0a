-- security_invoker: a plain view would run as its owner and show every tenant's rows.

-- An entry with the first submitted checkpoint that covers it; anchoring never rewrites entries. rekor_log_id is '' until anchored.
CREATE VIEW entries WITH (security_invoker = true) AS
SELECT e.id, e.tenant_id, e.epoch, e.seq AS chain_seq, e.subject, encode(e.payload_hash, 'hex') AS payload_hash, e.created_at, e.key_id,
       encode(e.leaf_hash, 'hex') AS leaf_hash, encode(e.prev, 'hex') AS prev, e.predicate_type,
       COALESCE(a.tl_entry_id, '') AS rekor_log_id, COALESCE(a.tl_log_index, 0) AS rekor_index, a.submitted_at AS anchored_at
  FROM chain_entries e
  LEFT JOIN LATERAL (SELECT c.tl_entry_id, c.tl_log_index, c.submitted_at FROM anchors c
                      WHERE c.tenant_id = e.tenant_id AND c.epoch = e.epoch AND c.kind = 'checkpoint' AND c.position > e.seq
                      ORDER BY c.position, c.submitted_at LIMIT 1) a ON true;

-- The checkpoints chosen for anchoring. Their status is their job's: one truth.
CREATE VIEW fact_chain_checkpoints WITH (security_invoker = true) AS
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
 WHERE j.queue = 'checkpoints.to_anchor' AND j.position IS NOT NULL;

GRANT SELECT ON entries, fact_chain_checkpoints TO ledger_app, ledger_worker, ledger_admin;
