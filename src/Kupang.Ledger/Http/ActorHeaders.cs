using System.Globalization;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>
/// Who acted, and on which device: the credential says whose key it is, and headers for whom of the staff it speaks, which
/// device wrote it down, as which entry of that device, and when. An app that was without a network sends the
/// instant of its own clock; <c>recordedAt</c> stays the ledger's.
/// </summary>
public static class ActorHeaders
{
    public const string ActingStaff = "Acting-Staff";
    public const string DeviceId = "Device-Id";
    public const string DeviceSequence = "Device-Sequence";
    public const string CapturedAt = "Captured-At";

    private const int LongestDeviceId = 100;

    public static Actor ActorOf(HttpContext http, Caller caller)
    {
        var actor = new Actor(
            caller.KeyId,
            Read<StaffId>(http, ActingStaff, "one person of the staff by id", text => Guid.TryParse(text, out var id) ? new StaffId(id) : null),
            One(http, DeviceId) is { } device ? Device(device) : null,
            Read<long>(http, DeviceSequence, "a whole number, zero or more", text =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null),
            Read<DateTimeOffset>(http, CapturedAt, "an instant such as 2026-02-05T09:30:00+08:00", InstantOf));
        return actor.DeviceId is null && (actor.DeviceSequence is not null || actor.CapturedAt is not null)
            ? throw RequestProblem.Malformed(DeviceId, "required", "What a device says of itself is named together with the device.")
            : actor;
    }

    private static string Device(string text) =>
        text.Length is > 0 and <= LongestDeviceId && text.All(c => c is >= '!' and <= '~')
            ? text
            : throw RequestProblem.Malformed(DeviceId, "invalid-value", "The header is 1 to 100 visible ASCII characters; it names a device and no person.");

    private static DateTimeOffset? InstantOf(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
            ? instant.ToUniversalTime()
            : null;

    private static T? Read<T>(HttpContext http, string name, string what, Func<string, T?> read)
        where T : struct =>
        One(http, name) is not { } text ? null
        : read(text) ?? throw RequestProblem.Malformed(name, "invalid-value", $"The header names {what}.");

    private static string? One(HttpContext http, string name) => http.Request.Headers[name] switch
    {
        [] => null,
        [{ } text] => text,
        _ => throw RequestProblem.Malformed(name, "invalid-value", "The header is given once."),
    };
}
