-- The anchoring policy is the tenant's own act (PUT /api/v1/policy): these columns, of its own row, and nothing else of it. Who is
-- suspended, whose log is public and which epoch is current stay the owner's.
GRANT UPDATE (anchor_policy, anchor_entries, anchor_seconds, fail_mode, max_age_seconds) ON tenants TO ledger_app;

-- Fail-closed without a limit, or without anything that could be waited for, is no policy.
ALTER TABLE tenants ADD CONSTRAINT tenants_fail_closed
    CHECK (fail_mode = 'open' OR (max_age_seconds IS NOT NULL AND anchor_policy <> 'off'));

-- A tenant's anchor and payload keys are one epoch's each: what a transparency log shows under the key of an epoch is the list of that epoch's
-- checkpoints, and no other's. Opening an epoch and signing for the one before may meet at a rotation; this says whose the new version is.
CREATE UNIQUE INDEX key_ranges_of_one_epoch ON key_ranges (tenant_id, key_id) WHERE purpose IN ('anchor', 'payload');
