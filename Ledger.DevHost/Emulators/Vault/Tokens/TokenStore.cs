using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Vault.Tokens;

/// <summary>Tokens by id, kept over a restart: the DevHost writes them to a file that other programs have read.</summary>
internal sealed class TokenStore
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly string file;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Token> tokens;

    /// <param name="rootId">What the root token is to be called; null: as it was, or a new one.</param>
    public TokenStore(string stateDirectory, TimeProvider time, string? rootId = null)
    {
        this.time = time;
        file = Path.Combine(stateDirectory, "tokens.json");
        tokens = (StateFile.Read<List<Token>>(file) ?? []).ToDictionary(t => t.Id, StringComparer.Ordinal);
        var root = tokens.Values.FirstOrDefault(t => t.MintedFor == "root");
        if (root is not null && rootId is not null && root.Id != rootId)
        {
            tokens.Remove(root.Id);
            root = null;
        }
        Root = root ?? Add(new Token
        {
            Id = rootId ?? "hvs." + RandomText(24),
            Accessor = RandomText(24),
            Policies = ["root"],
            IssuedAt = time.GetUtcNow(),
            Orphan = true,
            MintedFor = "root",
        });
    }

    public Token Root { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    public static string RandomText(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    public Token Add(Token token)
    {
        lock (gate)
        {
            tokens[token.Id] = token;
            Save();
        }
        return token;
    }

    /// <summary>A living token, or null.</summary>
    public Token? Find(string id)
    {
        lock (gate)
            return Living(tokens.GetValueOrDefault(id));
    }

    public Token? FindByAccessor(string accessor)
    {
        lock (gate)
            return accessor.Length == 0 ? null : Living(tokens.Values.FirstOrDefault(t => t.Accessor == accessor));
    }

    public Token? FindMinted(string policy)
    {
        lock (gate)
            return Living(tokens.Values.FirstOrDefault(t => t.MintedFor == policy));
    }

    public IReadOnlyList<string> Accessors()
    {
        lock (gate)
            return [.. tokens.Values.Where(t => t.Accessor.Length > 0).Select(t => t.Accessor)];
    }

    /// <summary>A living token whose use is counted; the last use of a limited one ends it.</summary>
    public Token? Use(string id)
    {
        lock (gate)
        {
            var token = Living(tokens.GetValueOrDefault(id));
            if (token is not { Uses: > 0 })
                return token;
            var left = token with { Uses = token.Uses - 1 };
            if (left.Uses == 0)
                tokens.Remove(id);
            else
                tokens[id] = left;
            Save();
            return left;
        }
    }

    /// <summary>Ends a token and, unless they are to be orphans, its children.</summary>
    public void Revoke(string id, bool orphanChildren = false)
    {
        lock (gate)
        {
            var ended = new Queue<string>([id]);
            while (ended.TryDequeue(out var next))
            {
                tokens.Remove(next);
                foreach (var child in tokens.Values.Where(t => t.Parent == next).ToArray())
                {
                    if (orphanChildren)
                        tokens[child.Id] = child with { Parent = null, Orphan = true };
                    else
                        ended.Enqueue(child.Id);
                }
            }
            Save();
        }
    }

    private Token? Living(Token? token) => token?.ExpiresAt <= time.GetUtcNow() ? null : token;

    private void Save() => StateFile.Write(file, tokens.Values.Where(t => Living(t) is not null).ToList());
}
