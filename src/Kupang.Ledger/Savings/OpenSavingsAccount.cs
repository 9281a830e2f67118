using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Savings;

/// <summary>A member or a group begins to save with a fund, on a product's terms as they are now.</summary>
/// <param name="MemberId">Who saves, or else <paramref name="GroupId"/>.</param>
public sealed record OpenSavingsAccount(
    SavingsProductId ProductId, FundId FundId, MemberId? MemberId = null, GroupId? GroupId = null) : DatedCommand
{
    public Party? Owner() => (MemberId, GroupId) switch
    {
        ({ } member, null) => new Party(PartyKind.Member, member.Value),
        (null, { } group) => new Party(PartyKind.Group, group.Value),
        _ => null,
    };
}

/// <summary>What an opening is decided on.</summary>
/// <param name="Others">The accounts that the member has or had.</param>
public sealed record SavingsOpeningContext(
    Fund? Fund, SavingsProduct? Product, Member? Member, Group? Group, IReadOnlyList<SavingsAccount> Others);

public static class OpenSavingsAccountDecider
{
    public static Decision Decide(OpenSavingsAccount command, SavingsAccountId id, SavingsOpeningContext context, Moment moment)
    {
        if (command.Owner() is not { } owner)
        {
            return Decision.Refuse("owner-required", "/memberId");
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((Unknown(command, context) ?? DateRules.Check(effectiveOn, moment) ?? Unfit(context)) is { } refusal)
        {
            return refusal;
        }

        var (fund, product) = (context.Fund!, context.Product!);
        return Decision.Record(new NewFact(
            id.Value,
            new SavingsAccountOpened(
                id, moment.NextNumber("SA"), fund.Id, owner, product.Id, product.ProductVersion, product.Terms, command.ExternalId),
            fund.DayOf(effectiveOn),
            EventOf: id.Value));
    }

    private static Decision? Unknown(OpenSavingsAccount command, SavingsOpeningContext context) =>
        context.Product is null ? Decision.Refuse("unknown-savings-product", "/productId", new Figure("productId", command.ProductId.ToString()))
        : context.Fund is null ? Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString()))
        : command.MemberId is { } member && context.Member is null ? Decision.Refuse("unknown-member", "/memberId", new Figure("memberId", member.ToString()))
        : context.Member is { ErasedOn: not null } ? Decision.Refuse("member-erased", "/memberId")
        : command.GroupId is { } group && context.Group is null ? Decision.Refuse("unknown-group", "/groupId", new Figure("groupId", group.ToString()))
        : null;

    /// <summary>A member has one account of a product in a fund, and one of each kind but the voluntary.</summary>
    private static Decision? Unfit(SavingsOpeningContext context)
    {
        var (fund, product) = (context.Fund!, context.Product!);
        if (fund.FundKind == FundKind.Operations)
        {
            return Decision.Refuse("fund-takes-no-savings", "/fundId");
        }

        if (product.Terms.Currency != fund.Currency.Code)
        {
            return Decision.Refuse("wrong-currency", "/productId", new Figure("currency", fund.Currency.Code), new Figure("amount", product.Terms.Currency));
        }

        return context.Others.FirstOrDefault(other => other.Closing is null
            && other.FundId == fund.Id
            && (other.ProductId == product.Id || (other.Terms.Kind == product.Terms.Kind && product.Terms.Kind != SavingsKind.Voluntary))) is { } same
            ? Decision.Refuse("savings-account-exists", "/productId", new Figure("number", same.Number), new Figure("accountId", same.Id.ToString()))
            : null;
    }
}

public static class OpenSavingsAccountEndpoint
{
    [WolverinePost("/v1/savings-accounts", OperationId = "openSavingsAccount")]
    [Tags("Savings"), Takes(typeof(OpenSavingsAccount)), Answers(typeof(SavingsAccountAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<OpenSavingsAccount>("openSavingsAccount", command =>
    {
        var id = new SavingsAccountId(command.NewId());
        return new WriteSlice
        {
            PaperContent = $"savings-account|{command.FundId}|{command.ProductId}|{command.MemberId}|{command.GroupId}",
            NoteAbout = _ => command.Owner()?.Id,
            Needs = states =>
            [
                Need.Of<SavingsAccount>(id.Value),
                Need.Of<SavingsProduct>(command.ProductId.Value),
                Need.Of<Fund>(command.FundId.Value),
                .. command.MemberId is { } member ? [Need.Of<Member>(member.Value), .. MemberSavings.Needs(states, member)] : (IEnumerable<Need>)[],
                .. command.GroupId is { } group ? [Need.Of<Group>(group.Value)] : (IEnumerable<Need>)[],
            ],
            Decide = (states, moment) => OpenSavingsAccountDecider.Decide(
                command,
                id,
                new SavingsOpeningContext(
                    states.Find<Fund>(command.FundId.Value),
                    states.Find<SavingsProduct>(command.ProductId.Value),
                    command.MemberId is { } member ? states.Find<Member>(member.Value) : null,
                    command.GroupId is { } group ? states.Find<Group>(group.Value) : null,
                    command.MemberId is { } owner ? [.. MemberSavings.Of(states, owner)] : []),
                moment),
            Answer = (states, moment) => new Answer(
                201, SavingsAccountAnswer.Of(states.Find<SavingsAccount>(id.Value)!, moment.Today, moment.Sequence), $"/v1/savings-accounts/{id}"),
        };
    });
}

/// <summary>The accounts that a member has or had, found by what the member takes part in.</summary>
public static class MemberSavings
{
    public static IEnumerable<Need> Needs(States states, MemberId memberId) => [Need.ParticipationsOf(memberId), .. AccountsOf(states, memberId)];

    public static IEnumerable<SavingsAccount> Of(States states, MemberId memberId) =>
        AccountsOf(states, memberId).Select(account => states.Find<SavingsAccount>(account.Id)!);

    private static IEnumerable<Need.Stream> AccountsOf(States states, MemberId memberId) =>
        states.PeekParticipationsOf(memberId).OfType<Need.Stream>().Where(part => part.Kind.Name == SavingsAccount.Kind);
}
