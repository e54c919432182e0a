namespace Ledger.Core.People;

/// <summary>What became of one user that was looked at.</summary>
internal enum Adoption
{
    /// <summary>Is a person from now on.</summary>
    Adopted,

    /// <summary>Is one already, whatever Keycloak says of it: the row is what is wanted.</summary>
    Known,

    /// <summary>Has none of the three roles of its own.</summary>
    NoRole,

    /// <summary>May not sign in: an operator's decision, or an invitation under way. Adoption does not undo it; an invitation to that
    /// address does.</summary>
    Disabled,

    /// <summary>Has no address or names that a person may have.</summary>
    Incomplete,

    /// <summary>Another person of the tenant has the address.</summary>
    AddressTaken,
}
