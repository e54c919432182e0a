-- Run by the login that migrates, before the migrations, each time: everything here may already be so.
-- Group roles cannot log in; deployments grant them to their own logins.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['ledger_owner', 'ledger_app', 'ledger_worker', 'ledger_admin'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
        IF wanted <> current_user AND NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
    IF NOT has_database_privilege('ledger_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO ledger_owner', current_database());
    END IF;
    EXECUTE format('ALTER DATABASE %I SET search_path = ledger, public', current_database());
END $$;
