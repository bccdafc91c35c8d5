package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.generation.ShapeOptions;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Replaces a value with a random one of the same shape, in two steps, without an inventory. */
record PlainRotation(CommandSession session, ShapeOptions options) {
  /**
   * Replaces the value of a secret that an inventory knows, unless its own rotation is open: that
   * keeps its new value in the same place.
   */
  void run(String name, InventoryOptions inventory) {
    try (SecretWriter writer = session.openWriter()) {
      RotationGuard.strict().require("rotate secret", session, inventory, writer, List.of(name));
    }
    run(name);
  }

  void run(String name) {
    try (SecretWriter writer = session.openWriter()) {
      Secret old = writer.provider().get(name);
      ValueShape shape = options.given() ? options.shape() : sameShape(name, old.value());
      String version = stored(writer, name, old.version(), shape);
      Map<String, Object> document =
          Output.object("name", name, "oldVersion", old.version(), "newVersion", version);
      String text = "Rotated '" + name + "': version " + old.version() + " -> " + version;
      session.output().result(text, document);
    }
  }

  private static ValueShape sameShape(String name, SecretValue value) {
    ValueShape shape = ValueShape.recognise(value);
    if (shape == null) {
      throw CommandFailure.usage(
          "Cannot rotate secret '"
              + name
              + "': its value has no shape that 'generate' makes. Add --type, or store the new"
              + " value with 'secrets put "
              + ShellWord.of(name)
              + "'.");
    }
    return shape;
  }

  private static String stored(SecretWriter writer, String name, String old, ValueShape shape) {
    try {
      return rotate(writer, name, old, shape);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "rotate secret")
          .name(name)
          .scheme(e.scheme().orElse("this backend"))
          .reason("the backend has no pending stage, so it cannot be rotated without an inventory")
          .advice(
              "Describe it in an inventory, whose rotation works on every backend (see 'secrets"
                  + " init --inventory'), or replace the value at once with 'secrets generate "
                  + ShellWord.of(name)
                  + " --plain --force "
                  + ShapeOptions.of(shape)
                  + "'")
          .cause(e)
          .build();
    }
  }

  private static String rotate(SecretWriter writer, String name, String old, ValueShape shape) {
    try (SecretValue fresh = shape.make(SystemRandom.open())) {
      String version = writer.putPending(name, fresh).version();
      SecretProvider provider = writer.provider();
      // Promote only a value that the backend returns unchanged: it goes into service at once.
      Secret pending = provider.get(name, VersionSelector.stage(Stage.PENDING));
      // A second new value at once would push out the one that services still use.
      if (!pending.version().equals(version)
          || !provider.get(name, Duration.ZERO).version().equals(old)) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "rotate secret")
            .name(name)
            .reason("another writer has rotated or changed it since this command read it")
            .advice("Nothing was promoted. If it is still needed, run the command again")
            .build();
      }
      if (!pending.value().equals(fresh)) {
        throw CommandFailure.internal(
            "Cannot rotate secret '"
                + name
                + "': the pending value is not the stored one. Nothing was promoted.");
      }
      writer.promote(name, version);
      return version;
    }
  }
}
