-- Users whom an operator made in Keycloak become people of their tenant: docs/people.md.

-- adopted: never invited, or not by the invitation that was open; so nobody proved to us that the address is theirs.
ALTER TABLE people ADD COLUMN adopted boolean NOT NULL DEFAULT false;

-- A tenant's users are looked through by one worker at a time. One that is asked for meanwhile is the one that is open.
CREATE UNIQUE INDEX jobs_one_open_adoption ON jobs (tenant_id)
 WHERE queue = 'people.to_adopt' AND status IN ('pending', 'running');
