namespace Ledger.Verify.Cli;

#pragma warning disable CA1032 // Neither is ever made without its message, nor wraps another: they carry one line to the user.

/// <summary>The command line asks for something impossible; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A file or an address cannot be read as what it should be; exit code 3.</summary>
internal sealed class UnreadableException(string message) : Exception(message);
