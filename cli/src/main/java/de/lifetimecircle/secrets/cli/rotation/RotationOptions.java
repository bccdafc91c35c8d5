package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.HookProgress;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that rotate by the inventory. */
public final class RotationOptions {
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Mixin JournalOption journal = new JournalOption();

  @Option(
      names = "--hook-timeout",
      paramLabel = "TIME",
      converter = LongTime.class,
      description = "Kill a hook after this time, such as 90s, 5m or 1h. Default: 5m.")
  @Nullable Duration hookTimeout;

  @Option(
      names = "--by",
      paramLabel = "WHO",
      description = "Your name for the journal and the log. Default: the user of this machine.")
  @Nullable String by;

  boolean given() {
    return inventory.given() || givenBesidesInventory();
  }

  /** Returns whether one was given besides those that say which secret is meant. */
  boolean givenBesidesInventory() {
    return journal.journal != null || hookTimeout != null || by != null;
  }

  /** Returns the rotations of the inventory, in the store of that writer, which print each step. */
  Rotations rotations(CommandSession session, SecretWriter writer) {
    return builder(session, writer).build();
  }

  /** Returns the settings of {@link #rotations}. */
  Rotations.Builder builder(CommandSession session, SecretWriter writer) {
    return Rotations.of(inventory.site().inventory(), inventory.environment, writer)
        .journal(journal.folder(inventory))
        .hookFolder(inventory.folder())
        .hookLimit(hookTimeout == null ? Rotations.HOOK_LIMIT : hookTimeout)
        .who(by == null ? session.person() : by)
        .clock(session.clock)
        .listener(new RotationProgress(session, new HookProgress(session)));
  }
}
