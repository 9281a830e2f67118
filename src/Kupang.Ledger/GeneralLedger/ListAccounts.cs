using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Wolverine.Http;

namespace Kupang.Ledger.GeneralLedger;

public static class ListAccountsEndpoint
{
    [WolverineGet("/v1/accounts", OperationId = "listAccounts")]
    [Tags("Books"), Answers(typeof(Page<Account>), 200), Query(OnlyThese = true)]
    public static IResult Get(HttpContext http)
    {
        http.RefuseQuery();
        return StoredJson.Of(Caller.Of(http).Tenant, new Page<Account>(ChartOfAccounts.All, Next: null));
    }
}
