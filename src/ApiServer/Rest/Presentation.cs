using System.Text.Json.Nodes;
using Margay.ApiServer.Tables;

namespace Margay.ApiServer.Rest;

/// <summary>Gives objects and lists the shape that the client asked for.</summary>
internal static class Presentation
{
    public static Task SendObjectAsync(ObjectRequest request, int code, byte[] wire, TimeProvider time)
    {
        byte[] body = wire;
        if (request.Form.Shape != AnswerShape.Object && DocumentParser.Parse(wire) is JsonObject document && document.Text("kind") != "Status")
            body = StoredForm.Render(Shape(request, document, time.GetUtcNow(), headers: true));
        return Answers.SendAsync(request.Http, code, body, request.Form.Yaml);
    }

    public static Task SendListAsync(ObjectRequest request, ListResult list, TimeProvider time)
    {
        AnswerForm form = request.Form;
        byte[] body = form.Shape switch
        {
            AnswerShape.Table => StoredForm.Render(ObjectForms.Table(
                request.Kind, Documents(list), ListForm.Metadata(list), form.Version, Rows(request), time.GetUtcNow())),
            AnswerShape.Metadata => StoredForm.Render(ObjectForms.MetadataList(Documents(list), ListForm.Metadata(list), form.Version)),
            _ => ListForm.Render(request.Kind, list),
        };
        return Answers.SendAsync(request.Http, 200, body, form.Yaml);
    }

    /// <summary>One object in the shape asked for.</summary>
    public static JsonObject Shape(ObjectRequest request, JsonObject document, DateTimeOffset now, bool headers) => request.Form.Shape switch
    {
        AnswerShape.Table => ObjectForms.Row(request.Kind, document, request.Form.Version, Rows(request), now, headers),
        AnswerShape.Metadata => ObjectForms.Metadata(document, request.Form.Version),
        _ => document,
    };

    private static RowObject Rows(ObjectRequest request)
    {
        string given = request.Query["includeObject"].ToString();
        return Representation.ReadIncludeObject(given) ?? throw Failures.BadRequest(
            $"includeObject: Unsupported value: \"{given}\": supported values: \"Metadata\", \"None\", \"Object\"");
    }

    private static IEnumerable<JsonObject> Documents(ListResult list) =>
        list.Items.Select(item => (JsonObject)DocumentParser.Parse(item.Wire)!);
}
