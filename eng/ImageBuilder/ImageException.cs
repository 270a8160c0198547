namespace Margay.ImageBuilder;

/// <summary>An image cannot be made; the message says what is missing and what makes it.</summary>
internal sealed class ImageException(string message) : Exception(message);
