using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>What became of the surplus of one fund and year: shared at most once, and paid to the members.</summary>
public sealed record SurplusYear(ImmutableList<RecordedFact> Standing) : IStreamState<SurplusYear>, IBindsMembers
{
    public static string Kind => "surplus-year";

    public SurplusShared? Shared => Standing.Select(fact => fact.Data).OfType<SurplusShared>().FirstOrDefault();

    /// <summary>The one stream of a fund and year.</summary>
    public static Guid IdOf(FundId fundId, int year)
    {
        Span<byte> name = stackalloc byte[20];
        fundId.Value.TryWriteBytes(name);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], year);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);

        // Version 8: made by a rule of one's own (RFC 9562).
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>What a member is owed of it.</summary>
    public Money OwedTo(MemberId memberId)
    {
        var shared = Shared!;
        var currency = shared.Surplus.Currency;
        var due = Money.Sum(shared.Members.Where(member => member.MemberId == memberId).Select(member => member.BySavings + member.ByInterest), currency);
        return due - Money.Sum(
            Standing.Select(fact => fact.Data).OfType<SurplusPaid>().Where(paid => paid.MemberId == memberId).Select(paid => paid.Amount), currency);
    }

    public bool Binds(MemberId memberId) => Shared is not null && !OwedTo(memberId).IsZero;

    public static SurplusYear After(SurplusYear? state, RecordedFact fact) => fact.Data switch
    {
        ISurplusFact => new SurplusYear((state?.Standing ?? []).Add(fact)),
        SurplusEntryReversed reversed => new SurplusYear(
            state!.Standing.RemoveAll(known => ((ISurplusFact)known.Data).TransactionId == reversed.TransactionId)),
        _ => throw new InvalidOperationException($"A year's surplus knows no {fact.Data.GetType().Name}."),
    };
}
