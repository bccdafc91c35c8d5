package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.SystemRandom;
import de.lifetimecircle.secrets.operations.ValueShape;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Replaces a value by a random one of the same shape, in two steps. */
@Command(
    name = "rotate",
    description = {
      "Make a random value of the same shape, store it as pending, read it back, promote it.",
      "The old value stays as the previous version: 'secrets rollback' brings it back."
    },
    sortOptions = false)
final class RotateCommand implements Runnable {
  private final Session session;

  RotateCommand(Session session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

  @Mixin ShapeOptions options = new ShapeOptions();

  @Override
  public void run() {
    try (SecretWriter writer = session.openWriter()) {
      Secret old = writer.provider().get(name);
      if (old.origin() == Secret.Origin.OVERRIDE) {
        throw CommandFailure.invalid(
            "Cannot rotate secret '"
                + name
                + "': a local override hides it. Unset the override and try again.");
      }
      String version = rotate(writer, options.given() ? options.shape() : sameShape(old.value()));
      Map<String, String> document = new LinkedHashMap<>();
      document.put("name", name);
      document.put("oldVersion", old.version());
      document.put("newVersion", version);
      String text = "Rotated '" + name + "': version " + old.version() + " -> " + version;
      session.output().result(text, document);
    }
  }

  private ValueShape sameShape(SecretValue value) {
    ValueShape shape = ValueShape.recognise(value);
    if (shape == null) {
      throw CommandFailure.usage(
          "Cannot rotate secret '"
              + name
              + "': the shape of its value is not one that 'generate' makes. Give --type, or store"
              + " the new value with 'secrets put'.");
    }
    return shape;
  }

  private String rotate(SecretWriter writer, ValueShape shape) {
    try (SecretValue fresh = shape.make(SystemRandom.open())) {
      String version = writer.putPending(name, fresh).version();
      SecretProvider provider = writer.provider();
      // Only what the backend gives back the same may be promoted.
      Secret pending = provider.get(name, VersionSelector.stage(Stage.PENDING));
      if (!pending.version().equals(version) || !pending.value().equals(fresh)) {
        throw CommandFailure.internal(
            "Cannot rotate secret '"
                + name
                + "': the pending version is not the one that was stored. Nothing was promoted;"
                + " somebody else may rotate it at the same time.");
      }
      writer.promote(name, version);
      return version;
    }
  }
}
