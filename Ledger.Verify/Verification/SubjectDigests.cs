using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Verification;

/// <summary>
/// The subjects of anybody's in-toto statement: which artifacts an envelope is about. (A ledger's own statements are
/// <see cref="Entries.Statement"/>.) https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
/// </summary>
// Example: {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a.txt","digest":{"sha256":"e369…"}}],
// "predicateType":"https://example.com/v1","predicate":{"hello":"rekor"}}
internal sealed class SubjectDigests
{
    private const int MostSubjects = 1024;
    private const int MostDigests = 32;

    /// <summary>The strongest first: one subject's artifact is looked for by the strongest that it names.</summary>
    private static readonly string[] Algorithms = ["sha512", "sha384", "sha256"];

    private readonly IReadOnlyList<IReadOnlyList<(string Algorithm, byte[] Digest)>> _subjects;

    private SubjectDigests(IReadOnlyList<IReadOnlyList<(string, byte[])>> subjects) => _subjects = subjects;

    /// <summary>Null for what cosign does not read as a statement, or whose subjects it does not take.</summary>
    public static SubjectDigests? Of(byte[] statement)
    {
        if (!ProtoJson.TryParse(statement, Limits.SigstoreBundleBytes, out var root)) return null;
        root.Text("_type");
        var predicateType = root.Text("predicateType");
        root.Child("predicate")?.IgnoreAll();
        var subjects = new List<IReadOnlyList<(string, byte[])>>();
        var sound = true;
        foreach (var subject in root.Children("subject"))
        {
            var digests = subject.Map("digest");
            sound &= digests.Count <= MostDigests;
            foreach (var text in (string[])["name", "uri", "downloadLocation", "mediaType"]) subject.Text(text);
            subject.Bytes("content");
            subject.Child("annotations")?.IgnoreAll();
            subjects.Add([.. digests.Select(digest => (Plain(digest.Key), Hex(digest.Value))).Where(digest => digest.Item1.Length > 0)]);
        }

        return root.Complete() && sound && predicateType.Length > 0 && subjects.Count is > 0 and <= MostSubjects
            ? new SubjectDigests(subjects) : null;
    }

    /// <summary>Whether one of the subjects is this artifact.</summary>
    public bool Name(ArtifactDigests artifact)
    {
        var chosen = new HashSet<string>();
        foreach (var subject in _subjects)
        {
            // As few algorithms as cover all subjects, in their order: what cosign computes of the artifact.
            if (subject.Any(digest => chosen.Contains(digest.Algorithm))) continue;
            var strongest = Array.Find(Algorithms, algorithm => subject.Any(digest => digest.Algorithm == algorithm));
            if (strongest is not null) chosen.Add(strongest);
        }

        return _subjects.SelectMany(subject => subject)
            .Any(digest => chosen.Contains(digest.Algorithm) && digest.Digest.AsSpan().SequenceEqual(DigestOf(artifact, digest.Algorithm)));
    }

    private static byte[] DigestOf(ArtifactDigests artifact, string algorithm) => algorithm switch
    {
        "sha512" => artifact.Sha512,
        "sha384" => artifact.Sha384,
        _ => artifact.Sha256.ToArray(),
    };

    private static string Plain(string algorithm) => algorithm switch
    {
        "sha256" or "SHA2_256" => "sha256",
        "sha384" or "SHA2_384" => "sha384",
        "sha512" or "SHA2_512" => "sha512",
        _ => "",
    };

    private static byte[] Hex(string digest)
    {
        try
        {
            return Convert.FromHexString(digest);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
