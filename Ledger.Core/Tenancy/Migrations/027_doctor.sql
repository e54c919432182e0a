-- The doctor compares what was migrated with what its program brings, in the operators' role (API) or the workers'.
GRANT SELECT ON schema_migrations TO ledger_worker, ledger_admin;
