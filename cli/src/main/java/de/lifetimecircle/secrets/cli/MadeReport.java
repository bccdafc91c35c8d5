package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.operations.Made;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what became of each secret, at once, since a later one may fail. Used by one thread. */
final class MadeReport {
  private final Session session;
  private final List<Object> documents = new ArrayList<>();
  private ExitCode exitCode = ExitCode.OK;

  MadeReport(Session session) {
    this.session = session;
  }

  void add(Made made) {
    if (made.outcome() == Made.Outcome.MISSING) {
      exitCode = ExitCode.NOT_FOUND;
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", made.name());
    document.put("outcome", made.outcome().name().toLowerCase(Locale.ROOT));
    document.put("version", made.version());
    document.put("missing", made.missing());
    documents.add(document);
    if (!session.json) {
      session.output().line(text(made));
      session.output().finish();
    }
  }

  private static String text(Made made) {
    String version = made.version().isEmpty() ? "" : ": version " + made.version();
    return switch (made.outcome()) {
      case CREATED -> "Created '" + made.name() + "'" + version;
      case REPLACED -> "Replaced '" + made.name() + "'" + version;
      case EXISTS -> "Exists '" + made.name() + "'" + version;
      case MISSING ->
          "Missing '"
              + made.name()
              + "': bring "
              + String.join(", ", made.missing())
              + " with 'secrets set NAME --from-stdin'";
    };
  }

  /** The code to end with. */
  ExitCode finish() {
    if (session.json) {
      session.output().document(documents);
    }
    return exitCode;
  }
}
