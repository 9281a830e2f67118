namespace Kupang.Ledger.Writing;

/// <summary>
/// What a tenant has one of, such as its calendar: a stream under an id that is the same for all tenants. The first half of
/// such an id is zeros, and no client may send one.
/// </summary>
public static class TenantStream
{
    private const int HalfOfAnId = 8;

    public static bool IsOne(Guid id) => id.ToByteArray(bigEndian: true).AsSpan(0, HalfOfAnId).IndexOfAnyExcept((byte)0) < 0;
}
