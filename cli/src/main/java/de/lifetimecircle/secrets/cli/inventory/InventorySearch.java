package de.lifetimecircle.secrets.cli.inventory;

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
 * <p>An inventory names programs to run, so a file above that somebody else put there, for example
 * in {@code /tmp}, is not used: its owner must be the owner of the working folder, or root. A file
 * without the keys of an inventory, for example a Kubernetes manifest, is not one.
 */
final class InventorySearch {
  private static final Pattern INVENTORY =
      Pattern.compile("(?ms)\\A(?=.*^version:)(?=.*^(service|secrets):).*");

  private static final int LONGEST = 1 << 20;

  private InventorySearch() {}

  /** Returns the path of the inventory relative to that folder. */
  static Optional<Path> from(Path folder) {
    Path up = Path.of("");
    for (Path here = folder; here != null; here = here.getParent()) {
      Path file = here.resolve(Inventory.FILE);
      if (isInventory(file) && (here.equals(folder) || isTrusted(file, folder))) {
        return Optional.of(up.resolve(Inventory.FILE));
      }
      if (Files.exists(here.resolve(".git"))) {
        return Optional.empty();
      }
      up = up.resolve("..");
    }
    return Optional.empty();
  }

  private static boolean isTrusted(Path file, Path folder) {
    String owner = owner(file);
    return owner != null && (owner.equals(owner(folder)) || owner.equals(owner(Path.of("/"))));
  }

  private static @Nullable String owner(Path path) {
    try {
      return Files.getOwner(path).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return null; // as if it were somebody else's
    }
  }

  private static boolean isInventory(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= LONGEST
          && INVENTORY
              .matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
              .matches();
    } catch (IOException e) {
      return true; // a file that cannot be read must be reported, not passed by
    }
  }
}
