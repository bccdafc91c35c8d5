package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the inventory of a working folder: the nearest {@code secrets.yaml} there or in a folder
 * above, up to the root of the git repository. Stateless; blocks for the file system.
 *
 * <p>An inventory names programs to run, so a file that another user put there, for example in
 * {@code /tmp}, is not used: its owner must be this user, the owner of the working folder, or root.
 * A file without the keys of an inventory, for example a Kubernetes manifest, is not one.
 */
final class InventorySearch {
  private static final Pattern INVENTORY =
      Pattern.compile("(?ms)\\A(?=.*^version:)(?=.*^(service|secrets):).*");

  private static final int LONGEST = 1 << 20;

  /** Replaces bytes that are not UTF-8 when a text is decoded. */
  private static final char REPLACEMENT = '\uFFFD';

  private InventorySearch() {}

  /**
   * An inventory that was found.
   *
   * @param file its path, relative to the folder where the search began
   * @param text its text; null if it cannot be read, which code that needs the text reports
   */
  record Found(Path file, @Nullable String text) {}

  /** Finds the inventory of a folder. */
  static Optional<Found> from(Path folder) {
    Path up = Path.of("");
    for (Path here = folder; here != null; here = here.getParent()) {
      Path file = here.resolve(Inventory.FILE);
      Optional<Found> found = read(file, up.resolve(Inventory.FILE));
      if (found.isPresent() && isTrusted(file, folder)) {
        return found;
      }
      if (Files.exists(here.resolve(".git"))) {
        return Optional.empty();
      }
      up = up.resolve("..");
    }
    return Optional.empty();
  }

  /**
   * Returns the path of the inventory in that folder, which need not exist, for a command that
   * cannot do without.
   *
   * @throws SecretException {@code CONFIGURATION} if another user put it there
   */
  static Path in(Path folder) {
    Path file = folder.resolve(Inventory.FILE);
    if (Files.exists(file) && !isTrusted(file, folder)) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "use the inventory")
          .name(file.toString())
          .reason("it belongs to " + owner(file) + " and names programs to run")
          .advice("Give it with --inventory if you trust its owner")
          .build();
    }
    return Path.of(Inventory.FILE);
  }

  private static boolean isTrusted(Path file, Path folder) {
    String owner = owner(file);
    return owner != null
        && (owner.equals(System.getProperty("user.name"))
            || owner.equals(owner(folder))
            || owner.equals(owner(Path.of("/"))));
  }

  private static @Nullable String owner(Path path) {
    try {
      return Files.getOwner(path).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return null; // as if it were another user's
    }
  }

  /** Reads a file; returns empty if it is not an inventory. */
  private static Optional<Found> read(Path file, Path shown) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
        return Optional.empty();
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      boolean isText = text.indexOf(REPLACEMENT) < 0;
      return INVENTORY.matcher(text).matches()
          ? Optional.of(new Found(shown, isText ? text : null))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(new Found(shown, null)); // it must be reported, not passed by
    }
  }
}
