using System.Buffers.Binary;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>
/// Draws that a seed decides for ever, on every machine and every version of the runtime (SplitMix64). It is here for made-up
/// books alone.
/// </summary>
public sealed class Draws
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private readonly ulong seed;
    private ulong state;

    public Draws(ulong seed) => this.seed = state = seed;

    /// <summary>Draws of their own: what is drawn elsewhere changes nothing in them.</summary>
    public Draws Fork(int index) => new(Mix(unchecked(seed ^ ((ulong)(index + 1) * Step))));

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public T[] Shuffled<T>(IEnumerable<T> items) => [.. items.Select(item => (Item: item, Place: Next())).OrderBy(drawn => drawn.Place).Select(drawn => drawn.Item)];

    /// <summary>An id as a client makes it on that day (UUIDv7).</summary>
    public Guid Id(DateOnly day)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)new DateTimeOffset(day, new TimeOnly(2, 0), TimeSpan.Zero).ToUnixTimeMilliseconds() << 16) | 0x7000 | (Next() & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (Next() >> 2) | (1UL << 63));
        return new Guid(bytes, bigEndian: true);
    }

    private ulong Next() => Mix(unchecked(state += Step));

    private static ulong Mix(ulong value)
    {
        var mixed = Mixed(Mixed(value, 30, 0xBF58476D1CE4E5B9), 27, 0x94D049BB133111EB);
        return mixed ^ (mixed >> 31);
    }

    private static ulong Mixed(ulong value, int shift, ulong factor) => unchecked((value ^ (value >> shift)) * factor);
}
