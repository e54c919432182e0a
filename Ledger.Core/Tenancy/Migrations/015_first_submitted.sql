-- As in 010, with the first submitted of the checkpoints that cover an entry, which is not the smallest where there are two logs: what is
-- shown of an entry never changes once it is anchored. A log is given a tenant's checkpoints in ascending size, so its first one is its
-- smallest: a probe of anchors_by_log for each log that was ever configured.
CREATE OR REPLACE VIEW entries WITH (security_invoker = true) AS
SELECT e.id, e.tenant_id, e.epoch, e.seq AS chain_seq, e.subject, encode(e.payload_hash, 'hex') AS payload_hash, e.created_at, e.key_id,
       encode(e.leaf_hash, 'hex') AS leaf_hash, encode(e.prev, 'hex') AS prev, e.predicate_type,
       COALESCE(a.tl_entry_id, '') AS rekor_log_id, COALESCE(a.tl_log_index, 0) AS rekor_index, a.submitted_at AS anchored_at
  FROM chain_entries e
  LEFT JOIN LATERAL (SELECT c.tl_entry_id, c.tl_log_index, c.submitted_at
                       FROM transparency_logs l
                      CROSS JOIN LATERAL (SELECT n.tl_entry_id, n.tl_log_index, n.submitted_at, n.position FROM anchors n
                                           WHERE n.tenant_id = e.tenant_id AND n.epoch = e.epoch AND n.kind = 'checkpoint'
                                             AND n.tl_log_id = l.tl_log_id AND n.position > e.seq
                                           ORDER BY n.position, n.submitted_at, n.tl_log_index LIMIT 1) c
                      ORDER BY c.submitted_at, c.position, l.tl_log_id LIMIT 1) a ON true;

-- How far is the anchoring of a tenant in one log? The scheduler. And in the order that the view asks for: the first row is the answer.
DROP INDEX anchors_by_log;
CREATE INDEX anchors_by_log ON anchors (tenant_id, epoch, kind, tl_log_id, position, submitted_at, tl_log_index);

-- A key that was revoked stays revoked, and since when: whoever holds the row, all of it but that is fixed.
CREATE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%.%: a registered key is revoked once, and nothing else of it changes', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'LG001';
END $$;
CREATE TRIGGER revoked_once BEFORE UPDATE ON attestation_keys FOR EACH ROW
  WHEN ((OLD.tenant_id, OLD.key_id, OLD.ssh_key_id, OLD.name, OLD.algorithm, OLD.spki, OLD.registered_at)
           IS DISTINCT FROM (NEW.tenant_id, NEW.key_id, NEW.ssh_key_id, NEW.name, NEW.algorithm, NEW.spki, NEW.registered_at)
        OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at))
  EXECUTE FUNCTION refuse_key_change();
ALTER TABLE attestation_keys ENABLE ALWAYS TRIGGER revoked_once;
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON attestation_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE attestation_keys ENABLE ALWAYS TRIGGER never_deleted;
