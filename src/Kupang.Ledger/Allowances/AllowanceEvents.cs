using System.Collections.Immutable;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Allowances;

// The facts of allowance runs. They are stored for ever: add a member as optional, never rename or retype one.

/// <summary>
/// The allowance of a fund was counted at the end of a month, and the books were brought to it by the difference. Whoever counts
/// again does so by the policy named and what was known at <paramref name="KnownAtSequence"/>.
/// </summary>
/// <param name="Month">Such as <c>2026-06</c>.</param>
/// <param name="Amount">By how much the allowance grew in all; below zero when it fell.</param>
public sealed record AllowanceRunPosted(
    TransactionId RunId,
    string Number,
    FundId FundId,
    string Month,
    string Policy,
    int PolicyVersion,
    long KnownAtSequence,
    ImmutableArray<AllowanceClass> Classes,
    ImmutableArray<AllowanceBalance> Balances,
    Money Amount,
    JournalLines Lines,
    string? ExternalId = null) : IMoneyFact, INumberedFact;

/// <summary>The allowance was counted, and the books held what it must be: nothing was posted.</summary>
public sealed record AllowanceRunConfirmed(
    TransactionId RunId,
    string Number,
    FundId FundId,
    string Month,
    string Policy,
    int PolicyVersion,
    long KnownAtSequence,
    ImmutableArray<AllowanceClass> Classes,
    ImmutableArray<AllowanceBalance> Balances,
    string? ExternalId = null) : INumberedFact;

/// <summary>What loans of one class and booking class owe, and what is to be set aside for it.</summary>
/// <param name="Account">The allowance account of the booking class.</param>
/// <param name="Number">The class's place in its policy, from 1.</param>
public sealed record AllowanceClass(
    AccountCode Account, int Number, string Code, Percentage AllowancePercent, long Loans, Money Outstanding, Money Required);

/// <summary>An allowance account at the end of the month: what it must hold and what it held, each as a credit.</summary>
public sealed record AllowanceBalance(AccountCode Account, Money Required, Money Previous);
