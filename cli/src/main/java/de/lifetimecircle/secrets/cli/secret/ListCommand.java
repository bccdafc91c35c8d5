package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the names of secrets. */
@Command(name = "list", description = "List the names of secrets, sorted, one per line.")
public final class ListCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public ListCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(
      paramLabel = "PREFIX",
      arity = "0..1",
      description = "List only names with this prefix.")
  String prefix = "";

  @Override
  public void run() {
    try (SecretProvider provider = session.openProvider()) {
      List<String> names = provider.list(prefix);
      if (session.json) {
        session.output().document(names);
      } else {
        names.forEach(session.output()::line);
      }
    }
  }
}
