-- A code that was accepted and never changed for a password ends as every other does.

-- code_end: of an accepted invitation whose code's time is over. wanted: the person's job is to make the code worthless in Keycloak, done: it
-- did, or found that the person has a password of their own.
ALTER TABLE invitations ADD COLUMN code_end text NULL CHECK (code_end IN ('wanted', 'done'));
GRANT UPDATE (code_end) ON invitations TO ledger_worker;
-- The workers: which accepted codes ran out?
CREATE INDEX invitations_code_ending ON invitations (expires_at) WHERE state = 'accepted' AND code_end IS NULL;

-- Who changes a person or wants a mail has the job that waits tried now, and nothing else of it changed, nor any other queue's job.
GRANT UPDATE (next_retry_at) ON jobs TO ledger_app;
CREATE POLICY people_only ON jobs AS RESTRICTIVE FOR UPDATE TO ledger_app
    USING (queue IN ('people.to_apply', 'notifications.to_send') AND status = 'pending')
    WITH CHECK (queue IN ('people.to_apply', 'notifications.to_send') AND status = 'pending');
