using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kupang.Ledger.Tests.Fixtures;

/// <summary>
/// Bodies that nobody should send, made from one that is right. Only those are among them that the description calls wrong
/// or that no amount, day or text can be, whatever the books hold.
/// </summary>
public static class Damage
{
    private const string Placeholder = "PLACEHOLDER";

    private static readonly string[] Amounts =
        ["1e9", "1,000", "\u0663", "-1000", "0", "1000.5", "99999999999999999999", "1000000000000001", "", " 1", "0x10", "NaN", "+1"];

    private static readonly string[] Currencies = ["XXX", "idr", "Rp", ""];

    private static readonly string[] Days =
        ["2026-02-30", "0000-01-01", "9999-12-31", "2026-1-5", "26-01-05", "2026-01-05T00:00:00Z", "05-01-2026", "besok", ""];

    /// <summary>What each damage is called, and the body as it is sent.</summary>
    public static IEnumerable<(string Name, string Body)> Of(DescribedOperation operation)
    {
        var example = operation.RequestExample!;
        foreach (var pointer in PointersIn(example, ""))
        {
            foreach (var (name, body) in At(example, pointer).Where(body => InterfaceDescription.Mismatches(operation.RequestSchema, body.Body).Any()))
            {
                yield return ($"{name} at {pointer}", body?.ToJsonString() ?? "null");
            }

            foreach (var (name, body) in AlwaysWrongAt(example, pointer))
            {
                yield return ($"{name} at {pointer}", body);
            }
        }

        foreach (var whole in WholeBodies())
        {
            yield return whole;
        }
    }

    private static IEnumerable<(string Name, string Body)> WholeBodies() =>
    [
        ("nothing", ""),
        ("a list", "[]"),
        ("a text", "\"x\""),
        ("null", "null"),
        ("a number", "1"),
        ("half a body", "{"),
        ("a body and more", "{} {}"),
        ("a comment", "{/* */}"),
        ("depth 1,000 in a list", new string('[', 1_000) + new string(']', 1_000)),
        ("depth 1,000 in a member", "{\"note\":" + new string('[', 1_000) + new string(']', 1_000) + "}"),
    ];

    /// <summary>Values of every other kind, and members that should not be there.</summary>
    private static IEnumerable<(string Name, JsonNode? Body)> At(JsonNode example, string pointer)
    {
        JsonNode?[] others = [JsonValue.Create(7), JsonValue.Create(1.5m), JsonValue.Create("x"), JsonValue.Create(true), new JsonArray(), new JsonObject(), null, new JsonArray([null])];
        foreach (var other in others)
        {
            yield return (other?.ToJsonString() ?? "null", Changed(example, pointer, _ => other?.DeepClone()));
        }

        if (Find(example, pointer) is JsonObject)
        {
            yield return ("an unknown member", Changed(example, pointer, value =>
            {
                value!["unknownMember"] = 1;
                return value;
            }));
        }
    }

    private static IEnumerable<(string Name, string Body)> AlwaysWrongAt(JsonNode example, string pointer)
    {
        var value = Find(example, pointer);
        if (value is JsonObject members)
        {
            foreach (var member in members)
            {
                yield return ($"{member.Key} twice", Raw(
                    Changed(example, pointer, changed =>
                    {
                        changed![Placeholder] = Placeholder;
                        return changed;
                    }),
                    $"\"{Placeholder}\":\"{Placeholder}\"",
                    $"\"{member.Key}\":{member.Value?.ToJsonString() ?? "null"}"));
            }
        }

        if (value?.GetValueKind() != JsonValueKind.String)
        {
            yield break;
        }

        yield return ("NUL", WithText(example, pointer, "a\0b"));
        yield return ("10,000 characters", WithText(example, pointer, new string('a', 10_000)));
        yield return ("blanks", WithText(example, pointer, "   "));
        foreach (var escape in new[] { "\\ud800", "\\udc00x", "\\uZZZZ", "\\x" })
        {
            yield return ($"the escape {escape}", Raw(Changed(example, pointer, _ => Placeholder), $"\"{Placeholder}\"", $"\"{escape}\""));
        }

        // Another currency that the ledger keeps is wrong only beside an amount.
        string[] foreign = Find(example, pointer[..pointer.LastIndexOf('/')]) is JsonObject money && money.ContainsKey("amount") && pointer.EndsWith("/currency", StringComparison.Ordinal)
            ? ["USD"]
            : [];
        foreach (var wrong in WrongTexts(pointer, value.GetValue<string>()).Concat(foreign))
        {
            yield return ($"'{wrong}'", WithText(example, pointer, wrong));
        }
    }

    private static string[] WrongTexts(string pointer, string text) =>
        pointer.EndsWith("/amount", StringComparison.Ordinal) ? Amounts
        : pointer.EndsWith("/currency", StringComparison.Ordinal) ? Currencies
        : DateOnly.TryParse(text, CultureInfo.InvariantCulture, out _) ? Days
        : Guid.TryParse(text, out _) ? ["not-an-id", Guid.Empty.ToString(), text.Replace("-", ""), "{" + text + "}"]
        : [];

    private static string WithText(JsonNode example, string pointer, string text) => Changed(example, pointer, _ => text)!.ToJsonString();

    private static string Raw(JsonNode? body, string placeholder, string raw)
    {
        var text = body!.ToJsonString();
        return text.Contains(placeholder, StringComparison.Ordinal)
            ? text.Replace(placeholder, raw, StringComparison.Ordinal)
            : throw new InvalidOperationException($"There is no {placeholder} in {text}.");
    }

    private static IEnumerable<string> PointersIn(JsonNode? node, string pointer) => node switch
    {
        JsonObject members => members.SelectMany(member => PointersIn(member.Value, $"{pointer}/{member.Key}")).Prepend(pointer),
        JsonArray items => items.SelectMany((item, index) => PointersIn(item, $"{pointer}/{index}")).Prepend(pointer),
        _ => [pointer],
    };

    private static JsonNode? Find(JsonNode node, string pointer) =>
        pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate<string, JsonNode?>(node, (at, name) => at is JsonArray items ? items[int.Parse(name, CultureInfo.InvariantCulture)] : at![name]);

    private static JsonNode? Changed(JsonNode example, string pointer, Func<JsonNode?, JsonNode?> change)
    {
        // A node has one parent, so each change is made to a copy; the wrapper gives the body itself one too.
        var wrapper = new JsonObject { ["body"] = example.DeepClone() };
        var names = $"/body{pointer}".Split('/', StringSplitOptions.RemoveEmptyEntries);
        var parent = Find(wrapper, string.Join('/', names[..^1]))!;
        if (parent is JsonArray items)
        {
            var index = int.Parse(names[^1], CultureInfo.InvariantCulture);
            var old = items[index];
            items[index] = null;
            items[index] = change(old);
        }
        else
        {
            var old = parent[names[^1]];
            parent.AsObject().Remove(names[^1]);
            parent[names[^1]] = change(old);
        }

        var body = wrapper["body"];
        wrapper.Remove("body");
        return body;
    }
}
