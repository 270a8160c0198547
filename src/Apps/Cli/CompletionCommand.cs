using System.CommandLine;

namespace Margay.Cli;

/// <summary><c>margay completion SHELL</c>: prints a script for the shell to source. Candidates come from the program itself.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _margay() {
          local IFS=$'\n'
          COMPREPLY=( $(compgen -W "$(margay "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -F _margay margay
        """;

    private const string Zsh = """
        #compdef margay
        _margay() {
          local -a candidates
          candidates=("${(@f)$(margay "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a candidates
        }
        compdef _margay margay
        """;

    private const string Fish = """
        complete -c margay -f -a '(margay "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName margay -ScriptBlock {
          param($word, $line, $position)
          margay "[suggest:$position]" "$line" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        var command = new Command("completion", "Print a completion script, for example: source <(margay completion bash)") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            "powershell" => PowerShell,
            _ => Bash,
        }));
        return command;
    }
}
