package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.TextTable;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the versions of a secret. */
@Command(name = "versions", description = "List the versions of a secret, newest first.")
public final class VersionsCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument secret = new SecretArgument();

  @Override
  public void run() {
    List<SecretVersion> versions;
    try (SecretProvider provider = session.openProvider()) {
      versions = provider.versions(secret.stored(session));
    }
    TextTable table = new TextTable("VERSION", "CREATED", "STAGES");
    List<Object> documents = new ArrayList<>();
    for (SecretVersion version : versions) {
      List<String> stages = stages(version);
      table.row(
          Paint.Tone.PLAIN, version.id(), created(version.created()), String.join(", ", stages));
      documents.add(
          Output.object("version", version.id(), "created", version.created(), "stages", stages));
    }
    if (session.json) {
      session.output().document(documents);
    } else {
      session.output().table(table);
    }
  }

  /** A backend that does not know the time reports the epoch. */
  private String created(Instant at) {
    return at.equals(Instant.EPOCH) ? "unknown" : session.output().times().text(at);
  }

  private static List<String> stages(SecretVersion version) {
    return version.stages().stream().sorted().map(OptionWords::of).toList();
  }
}
