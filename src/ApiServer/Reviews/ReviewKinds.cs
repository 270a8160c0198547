using k8s.Models;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Reviews;

/// <summary>Kinds that are questions: they can be created only, the answer comes back in their status, and nothing is stored.</summary>
internal static class ReviewKinds
{
    /// <summary>May I do this?</summary>
    public static ServedKind Access { get; } = Question("authorization.k8s.io", "SelfSubjectAccessReview", typeof(V1SelfSubjectAccessReview));

    /// <summary>May somebody do this?</summary>
    public static ServedKind SubjectAccess { get; } = Question("authorization.k8s.io", "SubjectAccessReview", typeof(V1SubjectAccessReview));

    /// <summary>What may I do?</summary>
    public static ServedKind Rules { get; } = Question("authorization.k8s.io", "SelfSubjectRulesReview", typeof(V1SelfSubjectRulesReview));

    /// <summary>Who am I?</summary>
    public static ServedKind Identity { get; } = Question("authentication.k8s.io", "SelfSubjectReview", typeof(V1SelfSubjectReview));

    /// <summary>Whose token is this?</summary>
    public static ServedKind Token { get; } = Question("authentication.k8s.io", "TokenReview", typeof(V1TokenReview));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ServedKind> All { get; } = [Access, SubjectAccess, Rules, Identity, Token];

    private static ServedKind Question(string group, string kind, Type type) => new()
    {
        Gvk = new(group, "v1", kind),
        Plural = $"{kind.ToLowerInvariant()}s",
        Singular = kind.ToLowerInvariant(),
        Namespaced = false,
        Type = type,
        Verbs = ["create"],
    };
}
