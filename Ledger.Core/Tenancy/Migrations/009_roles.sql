-- Least privilege. Row-level security is enabled, not forced: ledger_owner (migrations, runbooks) sees all.
-- The tenant of a transaction is set by SET LOCAL ledger.tenant = '…'; unset reads as null or '' and matches no row.

GRANT USAGE ON SCHEMA ledger TO ledger_app, ledger_worker, ledger_admin;

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['tenants', 'chain_heads', 'key_ranges', 'chain_entries', 'entry_meta', 'idempotency', 'tree_heads', 'tiles',
                                   'checkpoints', 'scrubs', 'anchors', 'attestations', 'jobs', 'audit_outbox'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format($p$CREATE POLICY own_tenant ON %I TO ledger_app, ledger_worker
                          USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true))$p$, guarded);
        EXECUTE format('CREATE POLICY every_tenant_read ON %I FOR SELECT TO ledger_admin USING (true)', guarded);
        EXECUTE format('GRANT SELECT ON %I TO ledger_admin', guarded);
    END LOOP;
    -- Loops over all tenants' work: claiming heads, marking halted logs, cleaning expired keys, draining the outbox.
    FOREACH guarded IN ARRAY ARRAY['chain_heads', 'tree_heads', 'checkpoints', 'scrubs', 'anchors', 'jobs', 'idempotency', 'audit_outbox'] LOOP
        EXECUTE format('CREATE POLICY every_tenant ON %I TO ledger_worker USING (true) WITH CHECK (true)', guarded);
    END LOOP;
END $$;

-- The service's own keys are everybody's to read; a tenant's anchor and payload keys are the tenant's.
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_service ON signing_keys TO ledger_app, ledger_worker
    USING (tenant_id = '' OR tenant_id = current_setting('ledger.tenant', true))
    WITH CHECK (tenant_id = '' OR tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY every_tenant_read ON signing_keys FOR SELECT TO ledger_admin USING (true);
GRANT SELECT ON signing_keys TO ledger_admin;

GRANT SELECT ON tenants, signing_keys, key_ranges, chain_heads, chain_entries, entry_meta, idempotency, tree_heads, tiles, checkpoints, scrubs,
                anchors, attestations, jobs TO ledger_app, ledger_worker;
GRANT INSERT ON signing_keys, key_ranges, chain_entries, entry_meta, idempotency, attestations, jobs, audit_outbox TO ledger_app, ledger_worker;
GRANT UPDATE (next_seq, head_hash) ON chain_heads TO ledger_app, ledger_worker;
GRANT UPDATE (epoch, first_seq, last_seq, salt, fingerprint, refused, expires_at) ON idempotency TO ledger_app;
GRANT DELETE ON entry_meta TO ledger_app;

GRANT UPDATE (halted) ON chain_heads TO ledger_worker;
GRANT UPDATE (tree_size, root, right_edge, lease_owner, lease_until) ON tree_heads TO ledger_worker;
GRANT INSERT ON tiles, checkpoints, anchors TO ledger_worker;
GRANT INSERT, UPDATE ON scrubs TO ledger_worker;
GRANT UPDATE, DELETE ON jobs TO ledger_worker;
GRANT DELETE ON idempotency TO ledger_worker;
GRANT SELECT, DELETE ON audit_outbox TO ledger_worker;
GRANT SELECT ON cursor_keys TO ledger_app;
