package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes random values straight into the store: nobody sees them. */
@Command(
    name = "generate",
    description = {
      "Make a random value and store it; it is not shown.",
      "Refuses names that exist, and values weaker than 16 random bytes."
    },
    sortOptions = false)
final class GenerateCommand implements Runnable {
  private final Session session;

  GenerateCommand(Session session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "Each gets a value of its own.")
  List<String> names = new ArrayList<>();

  @Mixin ShapeOptions options = new ShapeOptions();

  @Option(names = "--force", description = "Replace the value of a name that exists.")
  boolean force;

  @Override
  public void run() {
    ValueShape shape = options.shape();
    List<Map<String, String>> documents = new ArrayList<>();
    try (SecretWriter writer = session.openWriter()) {
      for (String name : names) {
        PutResult result = store(writer, name, shape);
        documents.add(Stored.document(name, result));
        if (!session.json) {
          session.output().line(Stored.text(name, result) + ", " + shape.bits() + " bits");
          // A later name may fail: what was stored is told before.
          session.output().finish();
        }
      }
    }
    if (session.json) {
      session.output().document(documents);
    }
  }

  private PutResult store(SecretWriter writer, String name, ValueShape shape) {
    try (SecretValue value = shape.make(new SecureRandom())) {
      return force ? writer.put(name, value) : writer.create(name, value);
    }
  }
}
