using System.Text.Json.Serialization;

namespace Margay.Apps.Shop.Model;

/// <summary>Something that can be bought; the price is in cents.</summary>
internal sealed record Product(string Id, string Name, long Price);

/// <summary>What a person has put into the cart.</summary>
internal sealed record Cart(string User, List<string> Products);

/// <summary>An amount in cents that a person is asked for.</summary>
internal sealed record Charge(string User, long Amount);

/// <summary>The payment provider's answer.</summary>
internal sealed record Receipt(string Number, long Amount);

/// <summary>A parcel on its way.</summary>
internal sealed record Parcel(string Tracking, int Pieces);

/// <summary>What goes to the customer by mail.</summary>
internal sealed record Letter(string To, string Subject);

/// <summary>An order that went through.</summary>
internal sealed record Order(string User, Receipt Receipt, Parcel Parcel);

/// <summary>An advertisement.</summary>
internal sealed record Advertisement(string Text);

/// <summary>The shop's first page.</summary>
internal sealed record Page(List<Product> Products, List<Product> Recommended, Advertisement Advertisement);

/// <summary>What a service answers when it cannot do its work.</summary>
internal sealed record Failure(string Service, string Cause);

/// <summary>An acknowledgement.</summary>
internal sealed record Done(bool Ok);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Product>))]
[JsonSerializable(typeof(Cart))]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(Parcel))]
[JsonSerializable(typeof(Letter))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Advertisement))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(Done))]
internal sealed partial class ShopJson : JsonSerializerContext;
