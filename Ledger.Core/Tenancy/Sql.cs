using Ledger.Verify;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Core.Tenancy;

/// <summary>Typed parameters and columns, without boxing and without guessing.</summary>
public static class Sql
{
    public static NpgsqlParameter Text(string? value) =>
        value is null ? Null(NpgsqlDbType.Text) : new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = value };

    public static NpgsqlParameter Texts(string[] values) =>
        new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = values };

    public static NpgsqlParameter Bytes(byte[]? value) =>
        value is null ? Null(NpgsqlDbType.Bytea) : new NpgsqlParameter<byte[]> { NpgsqlDbType = NpgsqlDbType.Bytea, TypedValue = value };

    public static NpgsqlParameter Hash(in Digest value) => Bytes(value.ToArray());

    public static NpgsqlParameter Hashes(IReadOnlyList<Digest> values) => new NpgsqlParameter<byte[][]>
    {
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        TypedValue = [.. values.Select(v => v.ToArray())],
    };

    public static NpgsqlParameter Long(long? value) =>
        value is null
            ? Null(NpgsqlDbType.Bigint)
            : new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = value.Value };

    public static NpgsqlParameter Double(double value) =>
        new NpgsqlParameter<double> { NpgsqlDbType = NpgsqlDbType.Double, TypedValue = value };

    public static NpgsqlParameter Int(int? value) =>
        value is null
            ? Null(NpgsqlDbType.Integer)
            : new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer, TypedValue = value.Value };

    public static NpgsqlParameter Flag(bool? value) =>
        value is null
            ? Null(NpgsqlDbType.Boolean)
            : new NpgsqlParameter<bool> { NpgsqlDbType = NpgsqlDbType.Boolean, TypedValue = value.Value };

    public static NpgsqlParameter Id(Guid value) => new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = value };

    public static NpgsqlParameter Time(DateTimeOffset? value) =>
        value is null ? Null(NpgsqlDbType.TimestampTz)
            : new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = value.Value.UtcDateTime };

    public static NpgsqlParameter Json(string? value) =>
        value is null ? Null(NpgsqlDbType.Jsonb) : new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Jsonb, TypedValue = value };

    public static Digest GetDigest(this NpgsqlDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column));

    public static DateTimeOffset GetTime(this NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public static byte[]? GetBytesOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    public static string? GetTextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? GetIntOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static long? GetLongOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static NpgsqlParameter Null(NpgsqlDbType type) => new() { NpgsqlDbType = type, Value = DBNull.Value };
}
