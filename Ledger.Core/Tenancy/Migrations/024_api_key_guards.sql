-- What ends a key ends it for good, whoever holds the row: a revocation is set once, an end never moves out, a key is replaced once.
CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%.%: a key that ended, or is to end, does not come back', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'LG001';
END $$;
CREATE TRIGGER ends_once BEFORE UPDATE ON api_keys FOR EACH ROW
  WHEN ((OLD.revoked_at IS NOT NULL AND (NEW.revoked_at, NEW.revoked_by) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_by))
        OR (OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at))
        OR (OLD.replaced_by IS NOT NULL AND NEW.replaced_by IS DISTINCT FROM OLD.replaced_by))
  EXECUTE FUNCTION refuse_revival();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER ends_once;
REVOKE EXECUTE ON FUNCTION refuse_revival() FROM PUBLIC;

-- A rotation's question: which key did this one replace?
CREATE INDEX api_keys_replaced ON api_keys (tenant_id, replaced_by) WHERE replaced_by IS NOT NULL;
