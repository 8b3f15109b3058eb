package io.moongate.cli;

import io.moongate.cli.adoption.AdoptionCommand;
import io.moongate.cli.dashboard.DashboardCommand;
import io.moongate.cli.demo.DemoCommand;
import io.moongate.cli.operator.CrdsCommand;
import io.moongate.cli.operator.OperatorCommand;
import io.moongate.cli.removal.LegacyPortCommand;
import io.moongate.cli.run.GatewayCommand;
import io.moongate.cli.run.RunCommand;
import io.moongate.cli.run.WitnessCommand;
import io.moongate.cli.vpn.VpnPathsCommand;
import io.moongate.operator.provider.Clients;
import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The launcher: what the product does, one line each. */
@Command(
        name = "moongate",
        mixinStandardHelpOptions = true,
        versionProvider = Moongate.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "The one entrance to all hosted Kubernetes control planes: every HTTP CONNECT tunnel through one port.",
        footer = {"", "Exit codes: 0 fine, 1 error, 2 blocked (and by what)."},
        subcommands = {
            RunCommand.class,
            GatewayCommand.class,
            OperatorCommand.class,
            WitnessCommand.class,
            CrdsCommand.class,
            PlanCommand.class,
            ValidateCommand.class,
            ProbeCommand.class,
            AdoptionCommand.class,
            LegacyPortCommand.class,
            DashboardCommand.class,
            DemoCommand.class,
            ConfirmCommand.class,
            VpnPathsCommand.class,
            AutoComplete.GenerateCompletion.class,
            HelpCommand.class
        })
public final class Moongate {
    public static final int OK = 0;
    public static final int ERROR = 1;
    public static final int BLOCKED = 2;

    private Moongate() {}

    public static void main(String[] args) {
        JavaLogs.install();
        CommandLine command = commandLine();
        int exit;
        try {
            exit = command.execute(args);
        } catch (Error e) {
            // Picocli hands on exceptions alone.
            exit = unexpected(e, command);
        }
        System.exit(exit);
    }

    /** All commands, ready to be executed. */
    public static CommandLine commandLine() {
        return new CommandLine(new Moongate())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(Moongate::wrongUsage)
                .setExecutionExceptionHandler(Moongate::failed);
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        error(
                command,
                e.getMessage() + ", on the command line, see '"
                        + command.getCommandSpec().qualifiedName() + " --help'");
        return ERROR;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof UserError || e instanceof Clients.UnusableKubeconfig) {
            error(command, String.valueOf(e.getMessage()));
            return ERROR;
        }
        return unexpected(e, command);
    }

    private static int unexpected(Throwable e, CommandLine command) {
        error(
                command,
                "unexpected " + e + ", in " + command.getCommandSpec().qualifiedName()
                        + ", this is a defect: please report it with the lines below");
        e.printStackTrace(command.getErr());
        command.getErr().flush();
        return ERROR;
    }

    private static void error(CommandLine command, String text) {
        PrintWriter err = command.getErr();
        err.println(Ansi.AUTO.string("@|bold,red error:|@ ") + text);
        err.flush();
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Moongate.class.getPackage().getImplementationVersion();
            return new String[] {"moongate " + (version == null ? "(built from source)" : version)};
        }
    }
}
