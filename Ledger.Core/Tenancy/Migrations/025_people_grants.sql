-- Of people and invitations every role writes the columns that it has a use for, and no other.

-- Who joined, may sign in, or is whom in Keycloak is nothing that an invitation says: those columns begin as the table has them.
REVOKE INSERT ON people, invitations FROM ledger_app, ledger_admin;
REVOKE INSERT ON invitations FROM ledger_worker; -- workers invite nobody; users that they find in Keycloak they do add to people
GRANT INSERT (tenant_id, id, email, first_name, last_name, role, links, created_at, changed_at) ON people TO ledger_app, ledger_admin;
GRANT INSERT (tenant_id, id, person_id, email, role, invited_by, created_at) ON invitations TO ledger_app, ledger_admin;

-- Operators invite administrators, of tenants that people belong to, and leave those alone who joined.
CREATE POLICY administrators_only ON people AS RESTRICTIVE FOR INSERT TO ledger_admin
    WITH CHECK (role = 'CLIENT_ADMIN' AND NOT enabled AND joined_at IS NULL AND tenant_id !~ '^(platform|receipts)-');
CREATE POLICY not_joined_only ON people AS RESTRICTIVE FOR UPDATE TO ledger_admin
    USING (true) WITH CHECK (role = 'CLIENT_ADMIN' AND NOT enabled AND joined_at IS NULL AND tenant_id !~ '^(platform|receipts)-');
CREATE POLICY administrators_only ON invitations AS RESTRICTIVE FOR INSERT TO ledger_admin
    WITH CHECK (role = 'CLIENT_ADMIN' AND state = 'pending' AND tenant_id !~ '^(platform|receipts)-');
CREATE POLICY expiry_only ON invitations AS RESTRICTIVE FOR UPDATE TO ledger_admin USING (true) WITH CHECK (state = 'expired');

-- The hash of a code concerns who takes the code, and who makes it.
REVOKE SELECT ON invitations FROM ledger_admin;
GRANT SELECT (tenant_id, id, person_id, email, role, state, generation, sent_generation, invited_by, created_at, expires_at, sent_at,
    accepted_at, revoked_at) ON invitations TO ledger_admin;

-- The workers say what was done and find users; addresses, and which version ends sessions, are the API's to say.
REVOKE UPDATE ON people, invitations FROM ledger_worker;
GRANT UPDATE (token_hash, expires_at, state, sent_generation, sent_at, revoked_at) ON invitations TO ledger_worker;
DO $$
DECLARE written text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ') INTO written FROM pg_attribute
     WHERE attrelid = 'people'::regclass AND attnum > 0 AND NOT attisdropped
       AND attname NOT IN ('tenant_id', 'id', 'email', 'created_at', 'sign_out_version', 'mails_at');
    EXECUTE format('GRANT UPDATE (%s) ON people TO ledger_worker', written);
END $$;

-- The workers: which open invitations never got as far as a code?
CREATE INDEX invitations_unsent ON invitations (created_at) WHERE state IN ('pending', 'sent') AND expires_at IS NULL;
