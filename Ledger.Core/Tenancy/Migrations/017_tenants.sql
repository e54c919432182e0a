-- The life of a tenant: asked for (opening), open (active), suspended. And what it may use.

-- name: as people call it. request_hash: of the request that asked for it, so that the same one again is seen to be the same; null where
-- nobody asked. Limits are null where the tenant has none of its own. Suspended: since when, and why, for operators.
ALTER TABLE tenants
    ADD COLUMN request_hash        bytea       NULL CHECK (octet_length(request_hash) = 32),
    ADD COLUMN name                text        NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    ADD COLUMN requests_per_second integer     NULL CHECK (requests_per_second >= 1),
    ADD COLUMN max_people          integer     NULL CHECK (max_people >= 0),
    ADD COLUMN max_api_keys        integer     NULL CHECK (max_api_keys >= 0),
    ADD COLUMN suspended_at        timestamptz NULL,
    ADD COLUMN suspended_reason    text        NULL CHECK (char_length(suspended_reason) BETWEEN 1 AND 500),
    DROP CONSTRAINT tenants_state_check,
    ADD CONSTRAINT tenants_state_check CHECK (state IN ('opening', 'active', 'suspended')),
    ADD CONSTRAINT tenants_suspension CHECK (suspended_at IS NULL OR state = 'suspended'),
    ADD CONSTRAINT tenants_suspension_reason CHECK ((suspended_at IS NULL) = (suspended_reason IS NULL));

-- Whoever changes the state: a tenant opens once, with a log, and is suspended only when open.
CREATE FUNCTION refuse_state() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state = 'opening' OR (OLD.state = 'opening'
           AND (NEW.state <> 'active' OR NOT EXISTS (SELECT FROM ledger.chain_heads h WHERE h.tenant_id = NEW.tenant_id))) THEN
        RAISE EXCEPTION '%.%: % does not become % here', TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'LG001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_life BEFORE UPDATE ON tenants FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION refuse_state();
ALTER TABLE tenants ENABLE ALWAYS TRIGGER one_life;

-- A suspension is said to be done when nothing is written any more: it waits for the append that holds the head's lock, and every later one
-- reads the state under that lock. With the owner's rights, since operators lock no heads.
CREATE FUNCTION await_appends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM ledger.chain_heads WHERE tenant_id = NEW.tenant_id ORDER BY epoch FOR UPDATE;
    RETURN NULL;
END $$;
CREATE TRIGGER await_appends AFTER UPDATE ON tenants FOR EACH ROW
  WHEN (OLD.state <> 'suspended' AND NEW.state = 'suspended') EXECUTE FUNCTION await_appends();
ALTER TABLE tenants ENABLE ALWAYS TRIGGER await_appends;
REVOKE EXECUTE ON FUNCTION refuse_state(), await_appends() FROM PUBLIC;

-- Operators ask for a tenant, in its name, and never for one of the service's own; the workers open it. They suspend it, resume it and set
-- its limits; everything else of it is the tenant's or the owner's.
CREATE POLICY own_tenant_add ON tenants FOR INSERT TO ledger_admin
    WITH CHECK (tenant_id = current_setting('ledger.tenant', true) AND state = 'opening'
                AND tenant_id NOT LIKE 'platform-%' AND tenant_id NOT LIKE 'receipts-%');
GRANT INSERT (tenant_id, name, state, log_public, request_hash, created_at) ON tenants TO ledger_admin;
CREATE POLICY own_tenant_change ON tenants FOR UPDATE TO ledger_admin
    USING (tenant_id = current_setting('ledger.tenant', true) AND tenant_id NOT LIKE 'platform-%' AND tenant_id NOT LIKE 'receipts-%')
    WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
GRANT UPDATE (state, requests_per_second, max_people, max_api_keys, suspended_at, suspended_reason) ON tenants TO ledger_admin;
CREATE POLICY opening ON jobs FOR INSERT TO ledger_admin
    WITH CHECK (tenant_id = current_setting('ledger.tenant', true) AND queue = 'tenants.to_open' AND status = 'pending');
GRANT INSERT (tenant_id, id, queue, args, max_attempts, epoch, position, tl_log_id, is_primary, created_at, next_retry_at)
    ON jobs TO ledger_admin;
CREATE UNIQUE INDEX jobs_one_opening ON jobs (tenant_id)
 WHERE queue = 'tenants.to_open' AND status IN ('pending', 'running', 'dead_letter', 'disabled');

-- The workers open what was asked for, and by themselves one tenant alone: that of the audit trail. Of an open tenant they change nothing,
-- and a later epoch stays a person's decision.
GRANT INSERT (tenant_id, state, log_public, created_at), UPDATE (state) ON tenants TO ledger_worker;
CREATE POLICY audit_trail_only ON tenants AS RESTRICTIVE FOR INSERT TO ledger_worker
    WITH CHECK (tenant_id = 'platform-audit' AND state = 'opening' AND NOT log_public);
CREATE POLICY opening_only ON tenants AS RESTRICTIVE FOR UPDATE TO ledger_worker USING (state = 'opening') WITH CHECK (state = 'active');
GRANT INSERT (tenant_id, epoch, origin, head_hash, opened_at) ON chain_heads TO ledger_worker;
GRANT INSERT (tenant_id, epoch, root) ON tree_heads TO ledger_worker;
CREATE POLICY first_epoch_only ON chain_heads AS RESTRICTIVE FOR INSERT TO ledger_worker
    WITH CHECK (epoch = 1 AND tenant_id = current_setting('ledger.tenant', true)
                AND EXISTS (SELECT FROM tenants t WHERE t.tenant_id = chain_heads.tenant_id AND t.state = 'opening'));
CREATE POLICY first_epoch_only ON tree_heads AS RESTRICTIVE FOR INSERT TO ledger_worker
    WITH CHECK (epoch = 1 AND tenant_id = current_setting('ledger.tenant', true)
                AND EXISTS (SELECT FROM tenants t WHERE t.tenant_id = tree_heads.tenant_id AND t.state = 'opening'));
