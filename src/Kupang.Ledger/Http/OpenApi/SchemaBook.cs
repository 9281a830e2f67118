using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Kupang.Ledger.SharedKernel;
using Microsoft.OpenApi;

namespace Kupang.Ledger.Http.OpenApi;

/// <summary>Which way a body goes: the same type may be read more strictly than it is written.</summary>
internal enum Way
{
    Answer,
    Request,
}

/// <summary>
/// The schemas of all bodies, read off the very settings that requests are read with and answers are written with, so that
/// the description can't say something else than the service does. A type whose form can't be told stops the description.
/// </summary>
internal sealed class SchemaBook(OpenApiDocument document)
{
    private static readonly Dictionary<Type, Func<OpenApiSchema>> Scalars = new()
    {
        [typeof(bool)] = () => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        [typeof(int)] = () => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
        [typeof(short)] = () => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
        [typeof(long)] = () => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
        [typeof(Guid)] = () => Text("uuid"),
        [typeof(DateOnly)] = () => Text("date"),
        [typeof(DateTimeOffset)] = () => Text("date-time"),
        [typeof(Personal)] = () => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = $"A text about a person; {SubjectKey.Erased} once the person was erased.",
        },
        [typeof(DerivedKey)] = () => new OpenApiSchema { Type = JsonSchemaType.String, Description = "An API key, shown in the answer that made it." },
        [typeof(Percentage)] = () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^[0-9]{1,12}(\.[0-9]{1,6})?$", Description = "A percentage as text: 1.5 means 1.5 %." },
        [typeof(AccountCode)] = () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9.]{1,20}$", Description = "An account by its code in the chart." },
        [typeof(AreaPrefix)] = () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})$", Description = AreaPrefix.Form },
        [typeof(PurposeCode)] = () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z][a-z0-9-]{0,39}$", Description = PurposeCode.Form },
        [typeof(object)] = () => new OpenApiSchema { Type = JsonSchemaType.Object },
        [typeof(JsonElement)] = () => new OpenApiSchema { Type = JsonSchemaType.Object },
    };

    private readonly Dictionary<(Type Type, Way Way), string> names = [];

    public IOpenApiSchema Of(Type type, Way way)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return Scalars.TryGetValue(bare, out var scalar) ? scalar()
            : bare == typeof(string) ? StringOf(way == Way.Request ? RequestJson.DefaultTextLimit : null)
            : typeof(IId).IsAssignableFrom(bare) ? Text("uuid")
            : bare == typeof(JournalLines) ? ListOf(typeof(JournalLine), way)
            : bare == typeof(Money) ? Component(bare, Way.Answer, MoneySchema)
            : bare.IsEnum ? Component(bare, Way.Answer, () => WordsOf(bare))
            : StructureOf(bare, way);
    }

    /// <summary>The words of an enum, as they stand in JSON.</summary>
    public static OpenApiSchema WordsOf(Type words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Enum.GetNames(words).Select(name => JsonValue.Create(LedgerJson.WordOf(words, name)))],
    };

    private static OpenApiSchema Text(string format) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema StringOf(int? limit) =>
        limit is null ? new OpenApiSchema { Type = JsonSchemaType.String } : new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = limit };

    private static OpenApiSchema MoneySchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "An exact amount. A JSON number, or an amount finer than the currency's smallest unit, is refused.",
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["amount"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^-?[0-9]{1,16}(\.[0-9]{1,3})?$" },
            ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z]{3}$", Description = "The ISO 4217 code." },
        },
        Required = new HashSet<string>(StringComparer.Ordinal) { "amount", "currency" },
        AdditionalPropertiesAllowed = false,
    };

    private static JsonSerializerOptions OptionsOf(Way way) => way == Way.Request ? RequestJson.Options : LedgerJson.Options;

    private OpenApiSchema ListOf(Type items, Way way) => new() { Type = JsonSchemaType.Array, Items = Of(items, way) };

    private IOpenApiSchema StructureOf(Type type, Way way)
    {
        var info = OptionsOf(way).GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => ListOf(info.ElementType!, way),
            JsonTypeInfoKind.Dictionary => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Of(info.ElementType!, way) },
            JsonTypeInfoKind.Object => Component(type, way, () => ObjectOf(info, way)),
            _ => throw new InvalidOperationException($"{type} has a JSON form of its own that the interface's description does not know."),
        };
    }

    private OpenApiSchemaReference Component(Type type, Way way, Func<OpenApiSchema> make)
    {
        if (!names.TryGetValue((type, way), out var name))
        {
            // What is read more strictly than it is written has two schemas.
            name = names[(type, way)] = way == Way.Request && names.ContainsKey((type, Way.Answer)) ? NameOf(type) + "Input" : NameOf(type);
            document.AddComponent(name, make());
        }

        return new OpenApiSchemaReference(name, document);
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "Of" + string.Concat(type.GetGenericArguments().Select(NameOf))
        : type.Name;

    private OpenApiSchema ObjectOf(JsonTypeInfo info, Way way)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal),
            Required = new HashSet<string>(StringComparer.Ordinal),
            AdditionalPropertiesAllowed = way == Way.Answer,
        };
        foreach (var property in info.Properties.Where(property => Stands(property, info.Type, way)))
        {
            var isNullable = IsNullable(property, way);
            var member = MemberOf(property, way);
            schema.Properties[property.Name] = way == Way.Request && isNullable ? OrNull(member) : member;
            if (way == Way.Request ? property.IsRequired : !isNullable)
            {
                schema.Required.Add(property.Name);
            }
        }

        return schema;
    }

    /// <summary>A member that is read or written. A change of master data has no id of its own: it names one by its address.</summary>
    private static bool Stands(JsonPropertyInfo property, Type owner, Way way) => way == Way.Answer
        ? property.Get is not null
        : (property.Set is not null || property.AssociatedParameter is not null)
            && !(typeof(IConditionalCommand).IsAssignableFrom(owner) && property.AttributeProvider is MemberInfo member && member.DeclaringType == typeof(Command));

    private IOpenApiSchema MemberOf(JsonPropertyInfo property, Way way)
    {
        var schema = property.CustomConverter switch
        {
            TextConverter text => StringOf(text.Limit),
            FormedTextConverter formed => new OpenApiSchema { Type = JsonSchemaType.String, Description = formed.Form },
            _ => Of(property.PropertyType, way),
        };
        if (way == Way.Request && property.AssociatedParameter is { HasDefaultValue: true, DefaultValue: { } given })
        {
            var value = JsonSerializer.SerializeToNode(given, given.GetType(), LedgerJson.Options);
            switch (schema)
            {
                case OpenApiSchemaReference reference:
                    reference.Default = value;
                    break;
                case OpenApiSchema inline:
                    inline.Default = value;
                    break;
            }
        }

        return schema;
    }

    private static bool IsNullable(JsonPropertyInfo property, Way way) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : way == Way.Request ? property.AssociatedParameter?.IsNullable ?? property.IsSetNullable : property.IsGetNullable;

    private static OpenApiSchema OrNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } inline)
        {
            inline.Type = type | JsonSchemaType.Null;
            return inline;
        }

        return new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] };
    }
}
