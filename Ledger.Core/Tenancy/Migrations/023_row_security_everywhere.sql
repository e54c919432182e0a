-- What is the service's own and no tenant's (its keys, the key of list cursors, the transparency logs and their heads) shows to the API in a
-- transaction of some tenant, whichever: who forgot to name one sees no row of any table. The condition names no column and leaves every
-- index to the planner.

-- As in 009, with a tenant that has to be named for the service's keys too.
DROP POLICY own_or_service ON signing_keys;
CREATE POLICY own_or_service ON signing_keys TO ledger_app, ledger_worker
    USING (COALESCE(current_setting('ledger.tenant', true), '') <> ''
           AND (tenant_id = '' OR tenant_id = current_setting('ledger.tenant', true)))
    WITH CHECK (COALESCE(current_setting('ledger.tenant', true), '') <> ''
                AND (tenant_id = '' OR tenant_id = current_setting('ledger.tenant', true)));

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['cursor_keys', 'transparency_logs', 'transparency_log_heads'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format($p$CREATE POLICY with_a_tenant ON %I FOR SELECT TO ledger_app
                          USING (COALESCE(current_setting('ledger.tenant', true), '') <> '')$p$, guarded);
        EXECUTE format('CREATE POLICY every_tenant_read ON %I FOR SELECT TO ledger_admin USING (true)', guarded);
    END LOOP;
    -- The workers' loops watch and claim from them for every tenant.
    FOREACH guarded IN ARRAY ARRAY['transparency_logs', 'transparency_log_heads'] LOOP
        EXECUTE format('CREATE POLICY every_tenant ON %I TO ledger_worker USING (true) WITH CHECK (true)', guarded);
    END LOOP;
END $$;

-- Events enter the log in the order in which they were done: what waits longest?
CREATE INDEX audit_outbox_by_time ON audit_outbox (created_at, id);
