using Margay.Apps.Server;

return await ServerCommands.Root().Parse(args).InvokeAsync();
