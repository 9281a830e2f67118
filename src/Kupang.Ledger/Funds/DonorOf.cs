using System.Text;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Funds;

/// <summary>
/// Whom the <c>source</c> of a contribution means: a donor's id, or a name. A name that was given before means the donor
/// registered under it; a new one registers a donor.
/// </summary>
public sealed record DonorOf(DonorId? ById, string? Name, string NameHash, SubjectKey NewKey)
{
    public static DonorOf Source(string source, TenantKey tenantKey)
    {
        var key = SubjectKey.New(Guid.CreateVersion7());
        return Guid.TryParse(source, out var id)
            ? new DonorOf(new DonorId(id), Name: null, NameHash: "", key)
            : new DonorOf(ById: null, source, HashOf(source, tenantKey), key);
    }

    public static string HashOf(string name, TenantKey tenantKey) => Convert.ToHexStringLower(tenantKey.Hash(
        "donor-name", Encoding.UTF8.GetBytes(string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant())));

    public IEnumerable<Need> Needs()
    {
        if (ById is { } id)
        {
            return [Need.Of<Donor>(id.Value)];
        }

        return [Need.Key(Donor.HashedName, NameHash), Need.Of<Donor>(NewKey.Subject)];
    }

    /// <summary>The donor that is known already, or null.</summary>
    public DonorId? Known(States states) =>
        ById is { } id ? states.Find<Donor>(id.Value)?.Id
        : states.Holder(new KeyName(Donor.HashedName, NameHash)) is { } holder ? new DonorId(holder.StreamId)
        : null;
}
