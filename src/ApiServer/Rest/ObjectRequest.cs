using Margay.ApiServer.Authorization;
using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>A request about objects, as far as the path and the headers tell.</summary>
internal sealed record ObjectRequest(HttpContext Http, ServedKind Kind, string Namespace, string Name, AnswerForm Form)
{
    public IQueryCollection Query => Http.Request.Query;

    /// <summary>What was authorized; everything that the request does is done in its name.</summary>
    /// <exception cref="InvalidOperationException">Nothing was: the request has come past the gate.</exception>
    public AccessRequest Access => Http.Features.Get<AccessRequest>() ?? throw new InvalidOperationException($"{Http.Request.Path} was not authorized");

    public CancellationToken Stop => Http.RequestAborted;

    public ObjectTarget Target(ObjectPart part = ObjectPart.Main) => new(Kind, Namespace, Name, part);
}
