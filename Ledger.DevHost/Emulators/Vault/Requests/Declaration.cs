using System.Collections.Frozen;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>What Vault's framework does around a route: declared fields must convert, others are a warning.</summary>
internal static class Declaration
{
    /// <param name="request">The request.</param>
    /// <param name="declared">The route's fields.</param>
    /// <param name="captured">Fields that the path has already given; a body cannot change them.</param>
    /// <param name="handle">The route.</param>
    public static Answer Check(VaultRequest request, FrozenDictionary<string, FieldType> declared, string[] captured, Func<Answer> handle)
    {
        var refusal = request.Fields.Refuse(declared);
        if (refusal is not null)
            return Answer.BadRequest(refusal);
        var answer = handle();
        if (!answer.IsSuccess || answer.Status == 204)
            return answer;
        var warnings = new List<string>(answer.Warnings);
        var ignored = request.Fields.Names.Where(n => !declared.ContainsKey(n)).Order(StringComparer.Ordinal).ToArray();
        if (ignored.Length > 0)
            warnings.Add($"Endpoint ignored these unrecognized parameters: [{string.Join(' ', ignored)}]");
        var replaced = captured.Where(request.Fields.Has).ToArray();
        if (replaced.Length > 0)
            warnings.Add("Endpoint replaced the value of these parameters with the values captured from the endpoint's path: "
                + $"[{string.Join(' ', replaced)}]");
        return warnings.Count == answer.Warnings.Count ? answer : answer with { Warnings = warnings };
    }
}
