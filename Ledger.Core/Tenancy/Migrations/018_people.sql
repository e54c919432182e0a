-- People: what a tenant wants its users to be. The workers bring Keycloak to it; docs/people.md draws the ways.

-- subject: Keycloak's user id, once a worker made or found the user. joined_at: when the invitation was accepted; null while nobody may sign in.
-- withdrawn: never joined, and the invitation ended: no user is wanted in Keycloak. links: alias -> {"user_id","user_name"}, or null: no such link
-- is wanted; aliases that are not there are not ours. version grows with every change; applied_version is the one that Keycloak has.
-- sign_out_version: the version whose application ends every session of the person.
CREATE TABLE people (
    tenant_id        text        NOT NULL REFERENCES tenants (tenant_id),
    id               uuid        NOT NULL,
    subject          text        NULL CHECK (subject <> ''),
    email            text        NOT NULL CHECK (length(email) <= 254),
    first_name       text        NOT NULL,
    last_name        text        NOT NULL,
    role             text        NOT NULL CHECK (role IN ('CLIENT_ADMIN', 'CLIENT_TECH', 'AUDITOR')),
    enabled          boolean     NOT NULL DEFAULT false,
    withdrawn        boolean     NOT NULL DEFAULT false,
    links            jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(links) = 'object'),
    version          integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
    applied_version  integer     NOT NULL DEFAULT 0 CHECK (applied_version BETWEEN 0 AND version),
    sign_out_version integer     NOT NULL DEFAULT 0 CHECK (sign_out_version BETWEEN 0 AND version),
    applied_at       timestamptz NULL,
    last_error       text        NULL,
    joined_at        timestamptz NULL,
    created_at       timestamptz NOT NULL,
    changed_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (NOT (enabled AND withdrawn))
);
-- An invitation: is there a person of this address already? One per tenant.
CREATE UNIQUE INDEX people_by_email ON people (tenant_id, lower(email));
-- Nobody's own role is theirs to change: which person is the caller? One user is one person.
CREATE UNIQUE INDEX people_by_subject ON people (tenant_id, subject);
-- GET /api/v1/users, newest first; and how many people the tenant has.
CREATE INDEX people_listed ON people (tenant_id, created_at, id) WHERE NOT withdrawn;
-- Every request's question: whose tokens are refused? The newest 1 000.
CREATE INDEX people_disabled ON people (tenant_id, changed_at) WHERE NOT enabled AND subject IS NOT NULL;

-- token_hash: SHA-256 of the newest one-time code, as text; null before the first mail was begun. generation grows with every mail that is
-- wanted; sent_generation is the newest that was handed to the mail server. expires_at: of that code, from the mail on. resent_at: the
-- newest five times that somebody asked for another mail.
CREATE TABLE invitations (
    tenant_id       text          NOT NULL REFERENCES tenants (tenant_id),
    id              uuid          NOT NULL,
    person_id       uuid          NOT NULL,
    email           text          NOT NULL CHECK (length(email) <= 254),
    role            text          NOT NULL CHECK (role IN ('CLIENT_ADMIN', 'CLIENT_TECH', 'AUDITOR')),
    state           text          NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'accepted', 'revoked', 'expired')),
    token_hash      bytea         NULL CHECK (octet_length(token_hash) = 32),
    generation      integer       NOT NULL DEFAULT 1 CHECK (generation >= 1),
    sent_generation integer       NOT NULL DEFAULT 0 CHECK (sent_generation BETWEEN 0 AND generation),
    resent_at       timestamptz[] NOT NULL DEFAULT '{}',
    invited_by      text          NOT NULL,
    created_at      timestamptz   NOT NULL,
    expires_at      timestamptz   NULL,
    sent_at         timestamptz   NULL,
    accepted_at     timestamptz   NULL,
    revoked_at      timestamptz   NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id),
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);
-- One open invitation per person, so per address. The worker's question: which mail is wanted once a person is applied?
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, person_id) WHERE state IN ('pending', 'sent');
-- GET /api/v1/invitations, newest first.
CREATE INDEX invitations_listed ON invitations (tenant_id, created_at, id);
-- The workers: which open invitations ran out?
CREATE INDEX invitations_expiring ON invitations (expires_at) WHERE state IN ('pending', 'sent');

-- A person has one job at a time, so that no two workers bring the same user to two states; an invitation one mail. What changes meanwhile is
-- seen when the job ends: it goes again.
CREATE UNIQUE INDEX jobs_one_open_person ON jobs (tenant_id, (args ->> 'person'))
 WHERE queue = 'people.to_apply' AND status IN ('pending', 'running');
CREATE UNIQUE INDEX jobs_one_open_mail ON jobs (tenant_id, (args ->> 'invitation'))
 WHERE queue = 'notifications.to_send' AND status IN ('pending', 'running');

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['people', 'invitations'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format($p$CREATE POLICY own_tenant ON %I TO ledger_app, ledger_worker
                          USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true))$p$, guarded);
        EXECUTE format('CREATE POLICY every_tenant_read ON %I FOR SELECT TO ledger_admin USING (true)', guarded);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO ledger_app, ledger_worker', guarded);
        EXECUTE format('GRANT SELECT ON %I TO ledger_admin', guarded);
    END LOOP;
END $$;
-- Operators invite a tenant's administrators: in the tenant's name, and with no other job than that.
CREATE POLICY own_tenant_invite ON people FOR INSERT TO ledger_admin WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY own_tenant_again ON people FOR UPDATE TO ledger_admin
    USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY own_tenant_invite ON invitations FOR INSERT TO ledger_admin WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY own_tenant_again ON invitations FOR UPDATE TO ledger_admin
    USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY people_to_apply ON jobs FOR INSERT TO ledger_admin
    WITH CHECK (tenant_id = current_setting('ledger.tenant', true) AND queue = 'people.to_apply' AND status = 'pending');
GRANT INSERT ON people, invitations TO ledger_admin; -- on jobs: 017
GRANT UPDATE (first_name, last_name, role, withdrawn, links, version, changed_at, last_error) ON people TO ledger_admin;
GRANT UPDATE (state) ON invitations TO ledger_admin; -- an expired one makes room for the next

-- The API writes what is wanted; what was done with it is the workers' to say.
GRANT UPDATE (first_name, last_name, role, enabled, withdrawn, links, version, sign_out_version, joined_at, changed_at, last_error)
    ON people TO ledger_app;
GRANT UPDATE (state, generation, resent_at, accepted_at, revoked_at) ON invitations TO ledger_app;
GRANT UPDATE ON people, invitations TO ledger_worker;
-- The expiry loop looks across tenants, and changes one tenant's rows at a time.
CREATE POLICY every_tenant_expiry ON invitations FOR SELECT TO ledger_worker USING (true);
