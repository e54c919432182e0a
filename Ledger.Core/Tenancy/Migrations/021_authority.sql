-- What a tenant's administrators may reach with an invitation, and who is out.

-- identity_providers: aliases of the realm that the tenant's people may be linked to; an operator says which. Every tenant's people share the
-- realm: who may name any alias may name another tenant's.
ALTER TABLE tenants ADD COLUMN identity_providers text[] NOT NULL DEFAULT '{}' CHECK (cardinality(identity_providers) <= 10);
GRANT UPDATE (identity_providers) ON tenants TO ledger_admin;

-- mails_at: when the newest five mails to the address were asked for, by whatever invitation: a revoked one and its successor are one count.
ALTER TABLE people ADD COLUMN mails_at timestamptz[] NOT NULL DEFAULT '{}' CHECK (cardinality(mails_at) <= 5);
ALTER TABLE invitations DROP COLUMN resent_at;
GRANT UPDATE (mails_at) ON people TO ledger_app, ledger_admin;

-- Every request's question: whose tokens are refused? Who never joined has none, and is no reason to forget one who has.
DROP INDEX people_disabled;
CREATE INDEX people_disabled ON people (tenant_id, changed_at) WHERE NOT enabled AND subject IS NOT NULL AND joined_at IS NOT NULL;
