namespace Ledger.Core.People;

/// <summary>Who is to be invited.</summary>
/// <param name="Email">As <see cref="PersonText"/> takes it; also the user name in Keycloak, in lower case there.</param>
/// <param name="FirstName">Shown in the mail, and to the tenant's people.</param>
/// <param name="LastName">The same.</param>
/// <param name="Role">CLIENT_ADMIN, CLIENT_TECH or AUDITOR.</param>
/// <param name="Link">Signs in through an identity provider instead of a password; null otherwise.</param>
public sealed record NewPerson(string Email, string FirstName, string LastName, string Role, ProviderLink? Link = null);

/// <summary>A person at a foreign identity provider.</summary>
/// <param name="Alias">Keycloak's name of the provider.</param>
/// <param name="UserId">The person's id there (<c>sub</c> of OpenID Connect).</param>
/// <param name="UserName">For people who look.</param>
public sealed record ProviderLink(string Alias, string UserId, string UserName);
