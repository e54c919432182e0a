namespace Ledger.Core.Tests.Entries;

/// <summary>Rows of the tables that nothing here writes yet, as statements for the owner.</summary>
internal static class SampleRows
{
    /// <param name="size">The tree size of the anchored checkpoint.</param>
    /// <param name="index">The transparency log's index.</param>
    /// <param name="id">The transparency log's entry id.</param>
    /// <param name="log">A hex digit that names the log.</param>
    /// <param name="second">When in the minute it was submitted.</param>
    public static string Anchor(string tenant, long size, long index, string id, char log = 'a', int second = 0) => $"""
        INSERT INTO transparency_logs (tl_log_id, backend, url) VALUES ('{new string(log, 64)}', 'rekor-v2', 'http://{log}') ON CONFLICT DO NOTHING;
        INSERT INTO anchors (tenant_id, epoch, kind, position, tl_log_id, tl_log_index, tl_backend, tl_entry_id,
                             tl_leaf_hash, tl_tree_size, tl_root_hash, tl_checkpoint, tl_inclusion_proof, tl_raw, sigstore_bundle, submitted_at)
        VALUES ('{tenant}', 1, 'checkpoint', {size}, '{new string(log, 64)}', {index}, 'rekor-v2', '{id}',
                '\x00', 9, '\x00', 'note', ARRAY['\x00'::bytea], '\x00', convert_to('"{log}"', 'UTF8'),
                '2026-01-01T00:01:{second:00}Z');
        """;

    /// <summary>An anchor job; its status is what the runbook's view shows.</summary>
    public static string AnchorJob(string tenant, long size, string status, string queue = "checkpoints.to_anchor") => $"""
        INSERT INTO jobs (tenant_id, id, queue, status, attempt_count, next_retry_at, last_error, last_error_class,
                          epoch, position, tl_log_id, is_primary, created_at, finished_at)
        VALUES ('{tenant}', gen_random_uuid(), '{queue}', '{status}', 2, '2026-01-01T00:00:05Z', 'connection refused', 'network',
                1, {size}, '{new string('a', 64)}', true, '2026-01-01T00:00:00Z',
                CASE WHEN '{status}' IN ('done', 'dead_letter', 'discarded') THEN timestamptz '2026-01-01T00:01:00Z' END);
        """;

    /// <summary>One row of the service's own in every table that has such, but for the key of cursors, which a migration makes.</summary>
    public static string OfService { get; } = $"""
        INSERT INTO signing_keys (tenant_id, key_id, purpose, vault_name, vault_version, spki, created_at)
        VALUES ('', 'key', 'entry', 'ledger-ed25519', 1, '\x00', '2026-01-01T00:00:00Z');
        INSERT INTO transparency_log_heads (tl_log_id, origin, tree_size, root_hash, checkpoint, seen_at)
        VALUES ('{new string('a', 64)}', 'a', 1, decode(repeat('00', 32), 'hex'), 'note', '2026-01-01T00:00:00Z');
        """;

    /// <summary>One row for the tenant in every table that has tenants, but for those that are there once its log is open.</summary>
    public static string EveryTable(string tenant) => $"""
        INSERT INTO signing_keys (tenant_id, key_id, purpose, vault_name, vault_version, spki, created_at)
        VALUES ('{tenant}', 'key', 'anchor', 'ledger-ed25519-anchor-{tenant}', 1, '\x00', '2026-01-01T00:00:00Z');
        INSERT INTO key_ranges (tenant_id, epoch, purpose, key_id, from_position) VALUES ('{tenant}', 1, 'anchor', 'key', 0);
        INSERT INTO chain_entries (tenant_id, epoch, seq, id, predicate_type, subject, payload_hash, created_at, meta_commitment,
                                   key_id, signature, statement_sha256, prev, leaf_hash)
        SELECT '{tenant}', 1, 0, gen_random_uuid(), 'p', 's', z, '2026-01-01T00:00:00Z', z, 'key', '\x00', z, z, z
          FROM (SELECT decode(repeat('00', 32), 'hex') AS z) zeros;
        INSERT INTO entry_meta (tenant_id, epoch, seq, meta, salt) VALUES ('{tenant}', 1, 0, '\x7b7d', decode(repeat('00', 32), 'hex'));
        INSERT INTO idempotency (tenant_id, principal, route, key, epoch, expires_at) VALUES ('{tenant}', 'alice', 'r', 'k', 1, 'infinity');
        INSERT INTO tiles (tenant_id, epoch, level, idx, root, hashes)
        VALUES ('{tenant}', 1, 0, 0, decode(repeat('00', 32), 'hex'), decode(repeat('00', 8192), 'hex'));
        INSERT INTO checkpoints (tenant_id, epoch, tree_size, root, note, key_id, created_at)
        VALUES ('{tenant}', 1, 1, decode(repeat('00', 32), 'hex'), 'note', 'key', '2026-01-01T00:00:00Z');
        INSERT INTO attestations (tenant_id, sha256, epoch, seq, envelope, key_id, predicate_type)
        VALUES ('{tenant}', decode(repeat('00', 32), 'hex'), 1, 0, '\x00', repeat('00', 32), 'p');
        INSERT INTO attestation_subjects (tenant_id, subject_sha256, epoch, seq, sha256)
        SELECT '{tenant}', z, 1, 0, z FROM (SELECT decode(repeat('00', 32), 'hex') AS z) zeros;
        INSERT INTO attestation_keys (tenant_id, key_id, ssh_key_id, name, algorithm, spki, registered_at)
        VALUES ('{tenant}', repeat('00', 32), 'SHA256:', 'ci', 'ed25519', '\x00', '2026-01-01T00:00:00Z');
        INSERT INTO audit_outbox (tenant_id, id, event, created_at) VALUES ('{tenant}', gen_random_uuid(), '\x7b7d', '2026-01-01T00:00:00Z');
        INSERT INTO api_keys (tenant_id, id, prefix, name, scopes, hash, created_by, created_at)
        VALUES ('{tenant}', gen_random_uuid(), 'abcdefghijkl', 'n', ARRAY['entries:read'], decode(repeat('00', 32), 'hex'), 'alice',
                '2026-01-01T00:00:00Z');
        INSERT INTO audit_events (tenant_id, epoch, seq, id, at, action) VALUES ('{tenant}', 1, 0, gen_random_uuid(), now(), 'test.act');
        INSERT INTO people (tenant_id, id, email, first_name, last_name, role, created_at, changed_at)
        VALUES ('{tenant}', '00000000-0000-7000-8000-000000000001', 'ada@example.com', 'Ada', 'Byron', 'AUDITOR', now(), now());
        INSERT INTO invitations (tenant_id, id, person_id, email, role, invited_by, created_at)
        VALUES ('{tenant}', gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'ada@example.com', 'AUDITOR', 'alice', now());
        {Anchor(tenant, 1, 0, "aa")}
        {AnchorJob(tenant, 1, "done")}
        """;
}
