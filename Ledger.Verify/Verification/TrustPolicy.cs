namespace Ledger.Verify.Verification;

/// <summary>What the verifier asks for beyond "nothing present is wrong". It is the verifier's own choice, never the operator's.</summary>
/// <param name="Anchors">How many anchors of the checkpoint must pass.</param>
/// <param name="Timestamps">How many timestamps must pass.</param>
public sealed record TrustPolicy(int Anchors, int Timestamps)
{
    /// <summary>One anchor, no separate timestamp.</summary>
    public static TrustPolicy Default { get; } = new(1, 0);

    /// <summary>
    /// Accepts a checkpoint that only its operator has signed. Such an operator can still show each reader another tree; the verdict
    /// stays <see cref="Verdict.VerifiedNotAnchored"/>, only the policy no longer minds.
    /// </summary>
    public TrustPolicy WithoutAnchorsUnsafe() => this with { Anchors = 0, Timestamps = 0 };
}
