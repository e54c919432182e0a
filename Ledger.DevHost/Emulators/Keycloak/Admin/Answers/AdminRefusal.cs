namespace Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

/// <summary>Ends a request with an answer, however deep it is in it; nothing may have been changed before.</summary>
internal sealed class AdminRefusal(AdminAnswer answer) : Exception
{
    public AdminAnswer Answer { get; } = answer;
}
