package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.rotation.OpenRotations;
import de.lifetimecircle.secrets.operations.rotation.OpenRotations.Found;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Keeps a command from changing a secret whose rotation is open, unless the person insists: the
 * rotation could not finish, or would take the change back. Not thread-safe.
 */
public final class RotationGuard {
  /** Describes {@code --force} in the help. */
  public static final String FORCE =
      "Proceed although a rotation of the secret is open; it stays open.";

  @Option(names = "--force", description = FORCE)
  boolean force;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The folder of the rotations. Default: secrets-rotations beside the inventory.")
  public @Nullable String journal;

  /** The words that let the command proceed; empty if none do. */
  private String insisting = "add --force";

  /** Creates the guard of a command that has these options itself, and {@code --force} twice. */
  public static RotationGuard twice(boolean[] forces, @Nullable String journal) {
    RotationGuard guard = new RotationGuard();
    guard.force = forces.length > 1;
    guard.journal = journal;
    guard.insisting = "give --force twice";
    return guard;
  }

  /** Creates the guard of a command that always refuses. */
  public static RotationGuard strict() {
    RotationGuard guard = new RotationGuard();
    guard.insisting = "";
    return guard;
  }

  /**
   * Refuses names whose rotation is open, or says that it stays open; see {@link OpenRotations}.
   *
   * @param action what the command does, such as {@code delete secret}
   * @param stored the names in the store
   * @throws SecretException {@code CONFLICT} with the commands that end the rotation
   */
  public void require(
      String action,
      CommandSession session,
      InventoryOptions inventory,
      SecretWriter writer,
      List<String> stored) {
    OpenRotations rotations = inventory.rotations(session, journal);
    require(action, session, name -> rotations.of(writer, name), stored);
  }

  /**
   * Refuses names that a journal names, before the store is asked; with {@code --force}, waits for
   * {@link #require} to say so.
   *
   * @throws SecretException as there
   */
  void requireNoJournal(
      String action, CommandSession session, InventoryOptions inventory, List<String> stored) {
    if (!force) {
      require(action, session, inventory.rotations(session, journal)::of, stored);
    }
  }

  private void require(
      String action,
      CommandSession session,
      Function<String, Optional<Found>> rotations,
      List<String> stored) {
    for (String name : stored) {
      try {
        rotations.apply(name).ifPresent(open -> require(action, session, name, open));
      } catch (SecretException e) {
        boolean damaged = e.kind() == SecretException.Kind.CORRUPT && force;
        if (!damaged && e.kind() != SecretException.Kind.ACCESS_DENIED) {
          throw e;
        }
        session.hint(
            damaged
                ? String.valueOf(e.getMessage())
                : "whether a rotation of '"
                    + name
                    + "' is open elsewhere cannot be read: "
                    + EnumText.of(e.kind())
                    + ".");
      }
    }
  }

  private void require(String action, CommandSession session, String name, Found open) {
    if (!force) {
      throw SecretException.of(SecretException.Kind.CONFLICT, action)
          .name(name)
          .reason(open.state())
          .advice(
              insisting.isEmpty()
                  ? open.ways()
                  : open.ways()
                      + ". To do it all the same, "
                      + insisting
                      + ": the rotation stays open")
          .build();
    }
    session.hint(
        "the rotation of '"
            + open.name()
            + "' stays open: "
            + open.state()
            + ". "
            + open.ways()
            + ".");
  }
}
