using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Members;

/// <summary>
/// Registers a person. One word is a whole name for many, some know only the year they were born in, and not everybody has a
/// NIK at hand.
/// </summary>
/// <param name="Phone">The person's own phone; <paramref name="Phones"/> instead says who else answers each.</param>
/// <param name="NikConflict">The decision to go on although another member holds the NIK.</param>
public sealed record RegisterMember(
    [property: TextLimit(120)] string Name,
    Sex Sex,
    [property: JsonConverter(typeof(NikConverter))] string? Nik = null,
    DateOnly? BirthDate = null,
    int? BirthYear = null,
    [property: TextLimit(30)] string? Phone = null,
    ImmutableArray<PhoneInput>? Phones = null,
    [property: TextLimit(120)] string? Village = null,
    AddressInput? Address = null,
    [property: TextLimit(500)] string? Business = null,
    Sector? Sector = null,
    NikConflictInput? NikConflict = null) : Command;

/// <summary>Why two members may have one number, and where that was decided.</summary>
public sealed record NikConflictInput(
    [property: JsonConverter(typeof(ReasonCodeConverter))] string ReasonCode, [property: TextLimit(100)] string DecisionReference);

public static class RegisterMemberDecider
{
    private const int EarliestYear = 1900;

    /// <param name="key">The member's own key.</param>
    /// <param name="nikHash">By what the NIK is found again, when there is one.</param>
    /// <param name="holderOfNik">Who has the same NIK, if anybody.</param>
    public static Decision Decide(RegisterMember command, MemberId id, SubjectKey key, string? nikHash, KeyHolder? holderOfNik, Moment moment)
    {
        if (CheckBirth(command, moment.Today) is { } refusal)
        {
            return refusal;
        }

        if (holderOfNik is not null && command.NikConflict is null)
        {
            return Decision.Refuse("nik-already-registered", "/nik", new Figure("memberId", holderOfNik.StreamId.ToString()));
        }

        if (holderOfNik is null && command.NikConflict is not null)
        {
            return Decision.Refuse("no-nik-conflict", "/nikConflict");
        }

        var recorded = Decision.Record(new NewFact(
                id.Value, Fact(command, id, key, holderOfNik, moment.NextNumber("AG")), BookDay.Open(moment.Today), EventOf: id.Value))
            .WithKeys(key);

        // A number that two members share stays the first one's name; the second is flagged instead.
        return nikHash is not null && holderOfNik is null
            ? recorded.WithClaims(new NameClaim(Member.HashedNik, nikHash, id.Value))
            : recorded;
    }

    private static MemberRegistered Fact(RegisterMember command, MemberId id, SubjectKey key, KeyHolder? holderOfNik, string number)
    {
        var yearOfBirth = command.BirthDate?.Year ?? command.BirthYear;
        return new MemberRegistered(
            id,
            number,
            key.Encrypt(command.Name),
            command.Sex,
            MemberParts.Text(key, command.Nik),
            MemberParts.Text(key, command.Nik is { } nik ? Nik.Mask(nik) : null),
            command.Nik is null ? null : Nik.Warnings(command.Nik, command.Sex, command.BirthDate, command.BirthYear),
            command.NikConflict is { } conflict && holderOfNik is not null
                ? new NikConflict(conflict.ReasonCode, conflict.DecisionReference, new MemberId(holderOfNik.StreamId))
                : null,
            MemberParts.Text(key, command.BirthDate is { } date ? BusinessDateConverter.Write(date) : null),
            MemberParts.Text(key, command.BirthDate is null ? command.BirthYear?.ToString(CultureInfo.InvariantCulture) : null),
            yearOfBirth is { } year ? MemberParts.BirthYearBand(year) : null,
            MemberParts.Phones(key, command.Phone, command.Phones),
            MemberParts.Text(key, command.Village),
            MemberParts.Address(key, command.Address),
            MemberParts.Text(key, command.Business),
            command.Sector,
            command.ExternalId);
    }

    /// <summary>A refusal is kept, so it says which member of the request is wrong and never what was in it.</summary>
    private static Decision? CheckBirth(RegisterMember command, DateOnly today) => command switch
    {
        { BirthDate: { } date } when date > today => Decision.Refuse("birth-not-plausible", "/birthDate"),
        { BirthYear: { } year } when year < EarliestYear || year > today.Year => Decision.Refuse("birth-not-plausible", "/birthYear"),
        { BirthDate: { } date, BirthYear: { } year } when date.Year != year => Decision.Refuse("birth-year-differs", "/birthYear"),
        _ => null,
    };
}

public static class RegisterMemberEndpoint
{
    private const int MostPhones = 5;

    [WolverinePost("/v1/members", OperationId = "registerMember")]
    [Tags("Members"), Takes(typeof(RegisterMember)), Answers(typeof(MemberAnswer), 201)]
    public static async Task<IResult> Post(HttpContext http)
    {
        var tenantKey = await http.RequestServices.GetRequiredService<TenantKeys>().Of(Caller.Of(http).Tenant, http.RequestAborted);
        return await http.Record<RegisterMember>("registerMember", command =>
        {
            CheckPhones(command.Phone, command.Phones);
            CheckExternalId(command);
            var id = new MemberId(command.NewId());
            var nikHash = command.Nik is { } nik ? Nik.HashOf(nik, tenantKey) : null;
            return new WriteSlice
            {
                Needs = _ => nikHash is null ? [Need.Of<Member>(id.Value)] : [Need.Of<Member>(id.Value), Need.Key(Member.HashedNik, nikHash)],
                Decide = (states, moment) => RegisterMemberDecider.Decide(
                    command,
                    id,
                    SubjectKey.New(id.Value),
                    nikHash,
                    nikHash is null ? null : states.Holder(new KeyName(Member.HashedNik, nikHash)),
                    moment),
                Answer = (states, moment) => new Answer(
                    201, MemberAnswer.Of(states.Find<Member>(id.Value)!, moment.Sequence), $"/v1/members/{id}"),
            };
        });
    }

    /// <exception cref="RequestProblem">The external id holds the NIK: it stays in clear when the person is erased.</exception>
    private static void CheckExternalId(RegisterMember command)
    {
        if (command is { Nik: { } nik, ExternalId: { } externalId } && externalId.Contains(nik, StringComparison.Ordinal))
        {
            throw RequestProblem.Malformed("/externalId", "invalid-value", "An external id stays in clear for ever, so it does not hold the NIK.");
        }
    }

    /// <exception cref="RequestProblem">Phones are named in two ways at once, or there are none or too many in the list.</exception>
    internal static void CheckPhones(string? phone, ImmutableArray<PhoneInput>? phones)
    {
        if (phones is not { } several)
        {
            return;
        }

        if (phone is not null)
        {
            throw RequestProblem.Malformed("/phones", "invalid-value", "Phones are named once: by phone or by phones.");
        }

        if (several.Length is 0 or > MostPhones)
        {
            throw RequestProblem.Malformed("/phones", "invalid-value", $"A list of phones has 1 to {MostPhones} of them.");
        }
    }
}
