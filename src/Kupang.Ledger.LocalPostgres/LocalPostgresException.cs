namespace Kupang.Ledger.LocalPostgres;

/// <summary>The message is one clear sentence for a person: what is wrong, and what to do about it.</summary>
public sealed class LocalPostgresException(string message) : Exception(message);
