namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A copy of all rows of a ledger, to be put back later as a restored backup is.</summary>
internal sealed class DatabaseCopy
{
    private static readonly string[] Tables =
        ["tenants", "signing_keys", "chain_heads", "key_ranges", "chain_entries", "entry_meta", "tree_heads", "tiles", "checkpoints",
            "scrubs"];

    private static int copies;

    private readonly TestLog ledger;
    private readonly string schema;

    private DatabaseCopy(TestLog ledger, string schema) => (this.ledger, this.schema) = (ledger, schema);

    public static async Task<DatabaseCopy> TakeAsync(TestLog ledger)
    {
        var schema = $"copy_{Interlocked.Increment(ref copies)}";
        await ledger.SqlAsync($"CREATE SCHEMA {schema};"
            + string.Concat(Tables.Select(t => $"CREATE TABLE {schema}.{t} AS TABLE ledger.{t};")));
        return new DatabaseCopy(ledger, schema);
    }

    public Task RestoreAsync() => ledger.SqlAsync(
        "BEGIN;"
        + string.Concat(Tables.Select(t => $"ALTER TABLE ledger.{t} DISABLE TRIGGER ALL;"))
        + string.Concat(Tables.Reverse().Select(t => $"DELETE FROM ledger.{t};"))
        + string.Concat(Tables.Select(t => $"INSERT INTO ledger.{t} SELECT * FROM {schema}.{t};"))
        + string.Concat(Tables.Select(t => $"ALTER TABLE ledger.{t} ENABLE TRIGGER ALL;"))
        + "COMMIT;");
}
