package de.lifetimecircle.secrets.cli.generation;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the shape of a generated value. */
public final class ShapeOptions {
  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "The type: hex, hex-upper, base64, base64url, alphanumeric or passphrase.")
  ValueShape.@Nullable Type type;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Number of random bytes, for hex and base64.")
  @Nullable Integer bytes;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Number of characters, for alphanumeric.")
  @Nullable Integer length;

  @Option(names = "--words", paramLabel = "N", description = "Number of words, for passphrase.")
  @Nullable Integer words;

  /** Returns the options that describe a shape. */
  public static String of(ValueShape shape) {
    return "--type " + shape.type().word() + " --" + shape.type().unit() + " " + shape.amount();
  }

  /** Returns whether one of the options was given. */
  public boolean given() {
    return type != null || bytes != null || length != null || words != null;
  }

  /**
   * Returns the shape that the options describe.
   *
   * @throws CommandFailure if they contradict each other, or the value would be too weak
   */
  public ValueShape shape() {
    ValueShape.Type chosen = type == null ? implied() : type;
    refuseOther(chosen, "bytes", bytes);
    refuseOther(chosen, "length", length);
    refuseOther(chosen, "words", words);
    Integer amount = bytes != null ? bytes : length != null ? length : words;
    try {
      return new ValueShape(chosen, amount == null ? chosen.usual() : amount);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("Cannot generate the value: " + e.getMessage() + ".");
    }
  }

  private ValueShape.Type implied() {
    if (words != null) {
      return ValueShape.Type.PASSPHRASE;
    }
    return length != null ? ValueShape.Type.ALPHANUMERIC : ValueShape.Type.HEX;
  }

  private static void refuseOther(ValueShape.Type type, String unit, @Nullable Integer amount) {
    if (amount != null && !type.unit().equals(unit)) {
      throw CommandFailure.usage(
          "Cannot use --" + unit + " with this --type (expected: --" + type.unit() + ").");
    }
  }
}
