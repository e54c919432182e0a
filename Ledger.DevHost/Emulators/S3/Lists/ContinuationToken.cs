using System.Text;
using Ledger.DevHost.Emulators.S3.Answers;

namespace Ledger.DevHost.Emulators.S3.Lists;

/// <summary>Where the next page goes on: the base64 of the last name. <code>YS8yLnR4dA==</code></summary>
internal static class ContinuationToken
{
    public static string Of(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name));

    /// <exception cref="S3Refusal">It was not made here.</exception>
    public static string Read(string token)
    {
        var name = new byte[token.Length];
        return Convert.TryFromBase64String(token, name, out var length)
            ? Encoding.UTF8.GetString(name, 0, length)
            : throw S3Error.InvalidArgument("The continuation token is none of this store's.").Refuse();
    }
}
