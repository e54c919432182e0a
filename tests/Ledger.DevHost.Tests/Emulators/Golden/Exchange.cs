using System.Text.Json;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators.Golden;

/// <summary>One recorded request and what the real server answered; see Golden/README.md.</summary>
public sealed record Exchange
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required int Number { get; init; }
    public required string Name { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public string? Body { get; init; }
    public required int Status { get; init; }
    public required string MediaType { get; init; }
    public required string Answer { get; init; }
    public bool StateOnly { get; init; }

    /// <summary>Header Location of the answer; null: not compared.</summary>
    public string? Location { get; init; }

    /// <summary>Which of the servers that were recorded together answered.</summary>
    public string? Server { get; init; }

    /// <summary>Null: not compared. Date, length, media type and what HTTP itself adds are left out.</summary>
    public IReadOnlyDictionary<string, string>? AnswerHeaders { get; init; }

    public static IReadOnlyList<Exchange> Read(string server)
        => [.. File.ReadLines(RepositoryPath.Of("tests", "Ledger.DevHost.Tests", "Golden", server, "exchanges.jsonl"))
            .Select(l => JsonSerializer.Deserialize<Exchange>(l, Json)!)];
}
