using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Services;

string role = args.Length > 0 ? args[0] : Environment.GetEnvironmentVariable("SHOP_ROLE") ?? "";
if (ShopRoles.Find(role) is not { } start)
{
    await Console.Error.WriteLineAsync($"usage: margay-shop ROLE [PORT]\nroles: {string.Join(", ", ShopRoles.Names)}");
    return 1;
}

int port = 8080;
if (args.Length > 1 && (!int.TryParse(args[1], out port) || port is < 1 or > 65535))
{
    await Console.Error.WriteLineAsync($"margay-shop: \"{args[1]}\" is not a port (1 to 65535)");
    return 1;
}

using var server = new ShopServer(role, port);
start(server);
await server.RunAsync();
return 0;
