package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.files.ProgramFile;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Provides an example inventory and the JSON Schema, and formats inventories. Stateless. */
public final class InventoryText {
  private InventoryText() {}

  /** Returns an example inventory with comments, for its owners to change. */
  public static String example() {
    return ProgramFile.text(InventoryText.class, "secrets.yaml");
  }

  /** Returns the JSON Schema of inventories, for editors. */
  public static String schema() {
    return ProgramFile.text(InventoryText.class, "secrets.schema.json");
  }

  /**
   * Writes {@link #example} to a file that does not exist or is empty; blocks for the file system.
   *
   * @throws SecretException {@code CONFLICT} if the file has content, {@code CONFIGURATION} if it
   *     cannot be written
   */
  public static void begin(Path file) {
    try {
      TrustedPath.requireNoForeignLink(file);
      if (Files.isRegularFile(file) && Files.size(file) == 0) {
        Files.writeString(file, example());
      } else {
        Files.writeString(file, example(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      }
    } catch (FileAlreadyExistsException e) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "begin the inventory")
          .name(file.toString())
          .reason("the file exists")
          .advice("Change it, or name another one")
          .build();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Returns an inventory in the usual layout: keys in the order of the documentation, two spaces a
   * level, an empty line before each section that had one. Every comment stays with its key. A tidy
   * text stays the same.
   *
   * @param source the name of the text in messages
   * @throws SecretException {@code CONFIGURATION} with all mistakes, if the text is not a valid
   *     inventory
   */
  public static String tidy(String text, String source) {
    Inventory.parse(text, source);
    return YamlLayout.tidy(text, source);
  }

  /**
   * Tidies a file; blocks for the file system. Replaces the file in one step, so that no reader
   * sees half of it.
   *
   * @return whether the file changed
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read or written
   */
  public static boolean tidy(Path file) {
    String text = Inventory.textOf(file);
    String tidy = tidy(text, file.toString());
    if (tidy.equals(text)) {
      return false;
    }
    try {
      AtomicFile.write(file, tidy, AtomicFile.Readers.USUAL);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    return true;
  }

  /** Returns whether {@link #tidy(Path)} would change nothing. */
  public static boolean isTidy(Path file) {
    String text = Inventory.textOf(file);
    return tidy(text, file.toString()).equals(text);
  }

  private static SecretException unwritable(Path file, IOException e) {
    return AtomicFile.failure("write the inventory", file, e, "Check the folder and its rights");
  }
}
