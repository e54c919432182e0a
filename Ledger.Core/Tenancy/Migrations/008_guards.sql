-- Append-only means so for the owner too. A statement-level trigger refuses even a statement that would touch no row, and ENABLE ALWAYS
-- makes it fire under session_replication_role = replica as well.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'LG001', HINT = 'Entries are permanent. To erase metadata: DELETE /entries/{id}/meta.';
END $$;

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['chain_entries', 'tiles', 'checkpoints', 'anchors', 'attestations', 'signing_keys'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', guarded);
    END LOOP;
END $$;
