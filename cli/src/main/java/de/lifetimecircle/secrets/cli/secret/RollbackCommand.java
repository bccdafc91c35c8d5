package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings the previous value back. */
@Command(name = "rollback", description = "Make the previous version the current one again.")
public final class RollbackCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public RollbackCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Override
  public void run() {
    try (SecretWriter writer = session.openWriter()) {
      String version = writer.rollback(name);
      Map<String, String> document = new LinkedHashMap<>();
      document.put("name", name);
      document.put("version", version);
      session.output().result("Rolled back '" + name + "': version " + version, document);
    }
  }
}
