using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>A person of the staff or a member, as far as the door asks: whether he or she may still act.</summary>
public interface IMayAct
{
    bool MayAct { get; }
}

/// <summary>A thing that binds members while they are part of it: a loan that is not paid, a group that nobody has left.</summary>
public interface IBindsMembers
{
    bool Binds(MemberId memberId);
}

/// <summary>Who acted, who agreed and who handled the cash: people of the tenant, and an approver is never the maker.</summary>
internal static class EnvelopeRules
{
    private const string StaffKind = "staff";
    private const string MemberKind = "member";

    public static IEnumerable<Need> NeedsOf(WriteRequest request, States states, FactTypes types)
    {
        foreach (var staffId in StaffOf(request))
        {
            yield return new Need.Stream(types.Kind(StaffKind), staffId.Value);
        }

        foreach (var memberId in ApproversOf(request).Select(approver => approver.MemberId).OfType<MemberId>())
        {
            yield return new Need.Stream(types.Kind(MemberKind), memberId.Value);
        }

        if (request.Envelope.MoneyAccount is { } moneyAccount)
        {
            yield return MoneyAccountRules.NeedOf(moneyAccount, types);
            yield return Need.Balances(moneyAccount);
        }

        if (request.Envelope.Note is not null && request.Envelope.NoteAbout(states) is { } subject)
        {
            yield return Need.SubjectKey(subject);
        }
    }

    public static Decision? Check(WriteRequest request, States states)
    {
        if (request.Actor.StaffId is { } actor && !MayAct(states, actor))
        {
            return Decision.Refuse("unknown-staff", "/Acting-Staff", new Figure("staffId", actor.ToString()));
        }

        if (request.Envelope.HandledBy is { } handler && !MayAct(states, handler))
        {
            return Decision.Refuse("unknown-staff", "/handledBy", new Figure("staffId", handler.ToString()));
        }

        return ApproversOf(request).Index()
            .Select(approver => CheckApprover(request, states, approver.Item, $"/approvedBy/{approver.Index}"))
            .FirstOrDefault(refusal => refusal is not null)
            ?? MoneyAccountRules.Check(request, states);
    }

    /// <summary>What can't be kept under somebody's key is not silently dropped.</summary>
    public static Decision CheckNote(WriteRequest request, States states, Decision decision) =>
        decision is Decision.ToRecord
        && request.Envelope.Note is not null
        && request.Envelope.NoteAbout(states) is { } subject
        && states.KeyOf(subject) is null
            ? Decision.Refuse("member-erased", "/note")
            : decision;

    public static Encrypted? EncryptedNote(WriteRequest request, States states) =>
        request.Envelope.Note is { } note
        && request.Envelope.NoteAbout(states) is { } subject
        && states.KeyOf(subject) is { } key
            ? key.Encrypt(note)
            : null;

    public static Envelope Envelope(WriteRequest request, States states, NewFact fact, TenantHead head, Guid commandId, Encrypted? note)
    {
        var given = request.Envelope;
        var (moneyAccount, channel) = MoneyAccountRules.Of(request, states, fact);
        return new Envelope(
            head.Sequence,
            head.RecordedAt,
            fact.Day.EffectiveOn,
            fact.Day.BookedOn,
            commandId,
            request.Operation,
            request.Actor,
            given.ApprovedBy,
            given.HandledBy,
            channel,
            moneyAccount,
            given.BankReference,
            given.Paper,
            given.Evidence,
            fact.ReasonCode,
            fact.VoucherKind,
            Note: note,
            AfterCashClose: MoneyAccountRules.IsAfterClose(fact, moneyAccount, channel, states) ? true : null);
    }

    private static Decision? CheckApprover(WriteRequest request, States states, Approver approver, string pointer)
    {
        if (approver.StaffId is { } staffId)
        {
            return !MayAct(states, staffId) ? Decision.Refuse("unknown-staff", $"{pointer}/staffId", new Figure("staffId", staffId.ToString()))
                : staffId == request.Actor.StaffId ? Decision.Refuse("same-person", pointer, new Figure("staffId", staffId.ToString()))
                : null;
        }

        var memberId = approver.MemberId!.Value;
        return !MayAct(states, MemberKind, memberId.Value)
            ? Decision.Refuse("unknown-member", $"{pointer}/memberId", new Figure("memberId", memberId.ToString()))
            : null;
    }

    private static bool MayAct(States states, StaffId staffId) => MayAct(states, StaffKind, staffId.Value);

    private static bool MayAct(States states, string kind, Guid id) =>
        states.Stream(id) is { Value: IMayAct { MayAct: true } } stream && string.Equals(stream.Kind.Name, kind, StringComparison.Ordinal);

    private static IEnumerable<Approver> ApproversOf(WriteRequest request) => request.Envelope.ApprovedBy ?? [];

    private static IEnumerable<StaffId> StaffOf(WriteRequest request) =>
        new[] { request.Actor.StaffId, request.Envelope.HandledBy }
            .Concat(ApproversOf(request).Select(approver => approver.StaffId))
            .OfType<StaffId>();
}
