package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.HiddenTyping;
import de.lifetimecircle.secrets.cli.console.SystemTerminal;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The entry point of the program. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    HiddenTyping.endAtExit();
    DistributionServices.use();
    SystemTerminal terminal = new SystemTerminal();
    if (!areExact(List.of(args))) {
      terminal
          .err()
          .print(
              "secrets: Cannot read the arguments: in this locale Java reads other characters than"
                  + " you typed. Run 'export LC_ALL=C.UTF-8' first, or name a UTF-8 locale that"
                  + " 'locale -a' lists.\n");
      terminal.err().flush();
      System.exit(ExitCode.USAGE.code());
    }
    Map<String, String> environment = new TreeMap<>(System.getenv());
    UserLocale.restore(environment);
    int code = new CommandLineRun(terminal, environment).run(args);
    terminal.progress("");
    System.exit(code);
  }

  /** Without the launcher, the JVM may have a locale that reads two names as one. */
  private static boolean areExact(List<String> arguments) {
    return "UTF-8".equals(System.getProperty("sun.jnu.encoding"))
        || arguments.stream().allMatch(each -> each.chars().allMatch(c -> c < 128));
  }
}
