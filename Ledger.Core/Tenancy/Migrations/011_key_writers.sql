-- The API meets new versions of the entry key and records them; every other key is made and recorded by the workers and the owner. So
-- nobody who took over an API process can have a key of his own named in trust.json as one that signs checkpoints or anchors.
CREATE POLICY entry_keys_only ON signing_keys AS RESTRICTIVE FOR INSERT TO ledger_app WITH CHECK (tenant_id = '' AND purpose = 'entry');
CREATE POLICY entry_keys_only ON key_ranges AS RESTRICTIVE FOR INSERT TO ledger_app WITH CHECK (purpose = 'entry');
