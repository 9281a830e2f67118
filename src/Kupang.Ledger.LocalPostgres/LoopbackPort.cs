using System.Net;
using System.Net.Sockets;

namespace Kupang.Ledger.LocalPostgres;

internal static class LoopbackPort
{
    /// <summary>A port that nobody listens on, chosen by the system.</summary>
    public static int Choose()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            // Whether it is in use or not allowed to us, this port won't do.
            return false;
        }
    }
}
