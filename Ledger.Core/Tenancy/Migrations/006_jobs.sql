-- The one queue for everything asynchronous. errors keeps each failed attempt. An anchor job also holds the checkpoint it chose and, once
-- frozen, the signature and the timestamp token that every retry sends again.
CREATE TABLE jobs (
    tenant_id        text        NOT NULL,
    id               uuid        NOT NULL,
    queue            text        NOT NULL,
    status           text        NOT NULL DEFAULT 'pending'
                                 CHECK (status IN ('pending', 'running', 'done', 'dead_letter', 'discarded', 'disabled')),
    args             jsonb       NOT NULL DEFAULT '{}',
    attempt_count    integer     NOT NULL DEFAULT 0,
    max_attempts     integer     NOT NULL DEFAULT 25,
    next_retry_at    timestamptz NULL,
    lease_owner      text        NULL,
    lease_until      timestamptz NULL,
    errors           jsonb       NOT NULL DEFAULT '[]',
    last_error       text        NULL,
    last_error_class text        NULL CHECK (last_error_class IN ('config', 'network', 'log')),
    epoch            integer     NULL,
    position         bigint      NULL,
    tl_log_id        text        NULL,
    frozen_signature bytea       NULL,
    frozen_timestamp bytea       NULL,
    created_at       timestamptz NOT NULL,
    finished_at      timestamptz NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status IN ('done', 'dead_letter', 'discarded')) = (finished_at IS NOT NULL))
);

-- The claim: the oldest due job of a queue.
CREATE INDEX jobs_due ON jobs (queue, next_retry_at) WHERE status IN ('pending', 'running');
