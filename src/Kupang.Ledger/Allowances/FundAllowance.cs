using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Allowances;

/// <summary>All allowance runs of a fund, in the order of their recording.</summary>
public sealed record FundAllowance(ImmutableList<AllowanceRun> Runs) : IStreamState<FundAllowance>
{
    public static string Kind => "fund-allowance";

    /// <summary>The stream of a fund's runs: an id of its own (version 8), always the same for one fund.</summary>
    public static Guid IdOf(FundId fundId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"allowance runs of {fundId}")).AsSpan(0, 16).ToArray();
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The last run of a month, if there was one.</summary>
    public AllowanceRun? LastOf(string month) => Runs.FindLast(run => run.Month == month);

    public static FundAllowance After(FundAllowance? state, RecordedFact fact) =>
        new((state?.Runs ?? []).Add(AllowanceRun.Of(fact)));
}

/// <summary>One run as it was recorded.</summary>
/// <param name="Lines">Nothing when the books held what was required.</param>
public sealed record AllowanceRun(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    string Month,
    string Policy,
    int PolicyVersion,
    long KnownAtSequence,
    ImmutableArray<AllowanceClass> Classes,
    ImmutableArray<AllowanceBalance> Balances,
    JournalLines? Lines,
    BookDay Day,
    long Sequence)
{
    public static AllowanceRun Of(RecordedFact fact) => fact.Data switch
    {
        AllowanceRunPosted run => new AllowanceRun(
            run.RunId, run.Number, run.ExternalId, run.FundId, run.Month, run.Policy, run.PolicyVersion, run.KnownAtSequence, run.Classes, run.Balances, run.Lines, fact.Envelope.Day, fact.Envelope.Sequence),
        AllowanceRunConfirmed run => new AllowanceRun(
            run.RunId, run.Number, run.ExternalId, run.FundId, run.Month, run.Policy, run.PolicyVersion, run.KnownAtSequence, run.Classes, run.Balances, Lines: null, fact.Envelope.Day, fact.Envelope.Sequence),
        _ => throw new InvalidOperationException($"An allowance knows no {fact.Data.GetType().Name}."),
    };

    /// <summary>Whether it found the same: by the same policy the same classes.</summary>
    public bool Found(AllowanceCount count) =>
        Policy == count.Policy.Code && PolicyVersion == count.Policy.Version && Classes.SequenceEqual(count.Classes);
}
