using System.Security.Cryptography;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.People;

/// <summary>Ends the code of somebody who accepted and chose no password in time: Keycloak gets a random one that nobody knows, so whoever
/// finds the mail later does not get in by it. Part of the person's job, before anything else of it; may be repeated.</summary>
internal sealed class CodeEnding(LedgerDatabase database, KeycloakAdmin keycloak)
{
    // Digits, capitals and a sign, for password policies that ask for them; as long as the code, which the policy took.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int Characters = 64;

    /// <exception cref="KeycloakException"/>
    public async Task RunAsync(Person person, CancellationToken cancel)
    {
        if (!await IsWantedAsync(person, cancel)) return;
        // Between this question and its answer's use somebody may choose a password, and lose it: milliseconds, once in a person's life.
        if (person.Subject is { } subject && await keycloak.HasToChoosePasswordAsync(subject, person.Tenant.Value, cancel))
            await keycloak.SetTemporaryPasswordAsync(subject, $"{RandomNumberGenerator.GetString(Alphabet, Characters)}-aA1", cancel);
        await using var transaction = await database.BeginAsync(person.Tenant, cancel);
        await transaction.ExecuteAsync(
            "UPDATE invitations SET code_end = 'done' WHERE tenant_id = $1 AND person_id = $2 AND code_end = 'wanted'", cancel,
            Text(person.Tenant.Value), Id(person.Id));
        await transaction.CommitAsync(cancel);
    }

    private async Task<bool> IsWantedAsync(Person person, CancellationToken cancel)
    {
        if (person.JoinedAt is null) return false;
        await using var transaction = await database.BeginAsync(person.Tenant, cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT 1 FROM invitations WHERE tenant_id = $1 AND person_id = $2 AND code_end = 'wanted'", cancel,
            Text(person.Tenant.Value), Id(person.Id));
        return await reader.ReadAsync(cancel);
    }
}
