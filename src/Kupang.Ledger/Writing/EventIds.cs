using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kupang.Ledger.Writing;

/// <summary>
/// Event ids. The fact that makes a thing has the thing's own id, its random part mixed with the tenant: so an id can be
/// looked up whatever it belongs to, and two tenants may use the same one.
/// </summary>
public static class EventIds
{
    private const ulong RandomPart = 0x3FFF_FFFF_FFFF_FFFF;

    public static Guid For(string tenant, Guid thing)
    {
        Span<byte> bytes = stackalloc byte[16];
        thing.TryWriteBytes(bytes, bigEndian: true, out _);
        var mixed = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) ^ (NumberOf(tenant) & RandomPart);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], mixed);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The advisory lock that makes one writer per tenant in the whole cluster.</summary>
    public static long LockOf(string tenant) => unchecked((long)NumberOf(tenant));

    private static ulong NumberOf(string tenant) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)));
}
