return await Margay.Apps.CniInstaller.InstallerCommands.Create().Parse(args).InvokeAsync();
