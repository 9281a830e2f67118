using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>
/// Names that are unique whatever is recorded under them: paper numbers, ids made by clients, external ids. The same thing
/// again under the same name is answered as it was; another thing under it is refused.
/// </summary>
internal static class NameRules
{
    public static IEnumerable<Need.NaturalKey> NeedsOf(WriteRequest request) =>
        NamesOf(request).Select(name => new Need.NaturalKey(name));

    /// <summary>Who recorded the very same thing before, if anybody did.</summary>
    public static KeyHolder? HolderOf(WriteRequest request, States states) =>
        NamesOf(request)
            .Select(name => (Name: name, Holder: states.Holder(name)))
            .Where(name => name.Holder?.Operation == request.Operation && name.Holder.Content == ContentOf(request, name.Name.Kind) && name.Holder.Content.Length > 0)
            .Select(name => name.Holder)
            .FirstOrDefault();

    public static Decision? Check(WriteRequest request, States states, HashSet<Guid> takenIds)
    {
        if (request.ClientId is { } id && (takenIds.Contains(id) || states.Holder(KeyName.ClientId(id)) is not null))
        {
            return Decision.Refuse("id-taken", "/id", new Figure("id", id.ToString()));
        }

        if (request.ExternalId is { } externalId && states.Holder(KeyName.ExternalId(externalId)) is not null)
        {
            return Decision.Refuse("external-id-taken", "/externalId", new Figure("externalId", externalId));
        }

        return request.Envelope.Paper is { } paper && states.Holder(KeyName.Paper(paper)) is not null
            ? Decision.Refuse("receipt-number-taken", "/receiptNumber", new Figure("book", paper.Book), new Figure("number", paper.Number))
            : null;
    }

    public static IEnumerable<NameClaim> ClaimsOf(WriteRequest request, Guid streamId) =>
        NamesOf(request).Select(name => new NameClaim(name.Kind, name.Value, streamId));

    public static string ContentOf(WriteRequest request, NameClaim claim) => ContentOf(request, claim.Kind);

    private static string ContentOf(WriteRequest request, string kind) => kind switch
    {
        "id" => Convert.ToBase64String(request.Fingerprint),
        _ when kind.StartsWith("paper:", StringComparison.Ordinal) => request.PaperContent,
        _ => "",
    };

    private static IEnumerable<KeyName> NamesOf(WriteRequest request)
    {
        if (request.ClientId is { } id)
        {
            yield return KeyName.ClientId(id);
        }

        if (request.Envelope.Paper is { } paper)
        {
            yield return KeyName.Paper(paper);
        }

        if (request.ExternalId is { } externalId)
        {
            yield return KeyName.ExternalId(externalId);
        }
    }
}
