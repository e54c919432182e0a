-- Where in the log of platform-audit an event is, found by what it says. The log is the truth and this a projection of it: every value here
-- follows from the entry's meta alone, and lists show the event as entry_meta has it. Texts are cut to 256 characters, which an index can hold.
CREATE TABLE audit_events (
    tenant_id    text        NOT NULL, -- the log's: always platform-audit
    epoch        integer     NOT NULL,
    seq          bigint      NOT NULL,
    id           uuid        NOT NULL, -- the entry's
    at           timestamptz NOT NULL, -- when it was done; of an unreadable event, when it entered the log
    about_tenant text        NULL,     -- whose act it was; null, like the next and the last, where the event cannot be read
    actor        text        NULL,
    action       text        NOT NULL,
    target       text        NULL,
    PRIMARY KEY (tenant_id, epoch, seq)
);
-- GET /admin/api/v1/audit, newest first, each filter with from, to and the cursor as a range of the same index:
-- no filter
CREATE INDEX audit_events_by_time ON audit_events (tenant_id, at, epoch, seq);
-- tenant=
CREATE INDEX audit_events_by_about ON audit_events (tenant_id, about_tenant, at, epoch, seq);
-- actor=
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor, at, epoch, seq);
-- action=api-key.add
CREATE INDEX audit_events_by_action ON audit_events (tenant_id, action, at, epoch, seq);
-- action=api-key.*
CREATE INDEX audit_events_by_noun ON audit_events (tenant_id, split_part(action, '.', 1), at, epoch, seq);
-- target=
CREATE INDEX audit_events_by_target ON audit_events (tenant_id, target, at, epoch, seq);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON audit_events TO ledger_app, ledger_worker
    USING (tenant_id = current_setting('ledger.tenant', true)) WITH CHECK (tenant_id = current_setting('ledger.tenant', true));
CREATE POLICY every_tenant_read ON audit_events FOR SELECT TO ledger_admin USING (true);
GRANT SELECT, INSERT ON audit_events TO ledger_worker; -- inserted in the transaction that stores the entry
GRANT SELECT ON audit_events TO ledger_admin;          -- no request of a tenant reads it

-- What the log holds so far. An entry whose meta is no event, or holds what text cannot, is listed as unreadable, as a worker would list it.
DO $$
DECLARE
    entry record;
    event jsonb;
BEGIN
    FOR entry IN SELECT e.epoch, e.seq, e.id, e.created_at, m.meta
                   FROM chain_entries e JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
                  WHERE e.tenant_id = 'platform-audit' AND e.predicate_type = 'urn:ledger:predicate:entry:v1' LOOP
        BEGIN
            event := convert_from(entry.meta, 'UTF8')::jsonb;
            IF NOT event ?& ARRAY['action', 'actor', 'at', 'target', 'tenant'] THEN RAISE EXCEPTION 'no event'; END IF;
            INSERT INTO audit_events (tenant_id, epoch, seq, id, at, about_tenant, actor, action, target)
            VALUES ('platform-audit', entry.epoch, entry.seq, entry.id, (event ->> 'at')::timestamptz, left(event ->> 'tenant', 256),
                    left(event ->> 'actor', 256), left(event ->> 'action', 256), left(event ->> 'target', 256));
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO audit_events (tenant_id, epoch, seq, id, at, action)
            VALUES ('platform-audit', entry.epoch, entry.seq, entry.id, entry.created_at, 'audit.unreadable');
        END;
    END LOOP;
END $$;
