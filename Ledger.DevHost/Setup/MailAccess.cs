namespace Ledger.DevHost.Setup;

/// <summary>Where mails are handed in.</summary>
internal sealed record MailAccess(string Host, int Port);
