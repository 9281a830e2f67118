using System.Data.Common;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>Reads a stored event back into a fact. The columns are stream_id, id, type, data, headers, in this order.</summary>
internal static class FactReader
{
    /// <summary>The event header under which the envelope is stored.</summary>
    public const string EnvelopeHeader = "envelope";

    public const string Columns = "stream_id, id, type, data, headers";

    public static RecordedFact Read(DbDataReader reader, FactTypes types) => new(
        reader.GetGuid(1),
        reader.GetGuid(0),
        types.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3)),
        JsonSerializer.Deserialize<StoredHeaders>(reader.GetFieldValue<byte[]>(4), LedgerJson.Options)!.Envelope);

    private sealed record StoredHeaders(Envelope Envelope);
}
