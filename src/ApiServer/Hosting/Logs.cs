using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Margay.ApiServer.Hosting;

/// <summary>Where log events go: standard error, a line each.</summary>
internal static class Logs
{
    public static void Add(ILoggingBuilder logging, bool json)
    {
        const string Stamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        if (json)
            logging.AddJsonConsole(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, Stamp.Trim()));
        else
            logging.AddSimpleConsole(o => (o.UseUtcTimestamp, o.TimestampFormat, o.SingleLine, o.ColorBehavior) = (true, Stamp, true, LoggerColorBehavior.Disabled));
        logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
