using Kupang.Ledger.LoadGenerator;
using Xunit;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>
/// The service as a process of its own, on a PostgreSQL that keeps its promises to the disk. In the middle of 2,000 keyed
/// repayments first the service is killed, then the postmaster, and all are sent again.
/// </summary>
public sealed class KillTests
{
    [Fact]
    public async Task After_kill_9_of_the_service_and_of_the_postmaster_every_repayment_is_in_exactly_once_and_the_books_balance()
    {
        await using var output = new StringWriter();

        var isRight = await new KillRun(output, TestContext.Current.CancellationToken).Run();

        TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
        Assert.True(isRight, output.ToString());
    }
}
