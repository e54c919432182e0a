namespace Ledger.DevHost.Setup;

/// <summary>Something a person has to mend; the message says what and how, and is all that is printed.</summary>
internal sealed class SetupFailed(string message, Exception? inner = null) : Exception(message, inner);
