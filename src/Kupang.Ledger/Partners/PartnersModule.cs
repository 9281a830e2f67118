using Kupang.Ledger.Http;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Partners;

/// <summary>Partners: who may call, with which key.</summary>
public static class PartnersModule
{
    public static FactTypes.Builder AddPartners(this FactTypes.Builder facts) =>
        facts.Stream<ApiKey>(typeof(ApiKeyIssued), typeof(ApiKeyRevoked));

    public static IServiceCollection AddPartners(this IServiceCollection services) =>
        services.AddSingleton<IApiKeyDirectory, ApiKeyDirectory>();
}
