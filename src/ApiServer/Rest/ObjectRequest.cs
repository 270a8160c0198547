using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>A request about objects, as far as the path and the headers tell.</summary>
internal sealed record ObjectRequest(HttpContext Http, ServedKind Kind, string Namespace, string Name, AnswerForm Form)
{
    public IQueryCollection Query => Http.Request.Query;

    public CancellationToken Stop => Http.RequestAborted;

    public ObjectTarget Target(ObjectPart part = ObjectPart.Main) => new(Kind, Namespace, Name, part);
}
