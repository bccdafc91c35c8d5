package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a folder of generated files for people: a file that a person has changed is never
 * overwritten by accident. Stateless; blocks for the file system.
 */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Writes files; a name that ends with {@code .sh} becomes executable. Other files of the folder
   * stay.
   *
   * @param files the texts by their name, which may have folders in it
   * @return the names that were written, without those that had this content already
   * @throws SecretException {@code CONFLICT} if a file has other content and may not be replaced,
   *     {@code CONFIGURATION} if a file cannot be written
   */
  public static List<String> write(
      Path folder, Map<String, String> files, PrivateFile.Existing existing) {
    List<String> different = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          String kept = RepositoryFile.read(folder.resolve(name), "the file").orElse(null);
          if (!text.equals(kept)) {
            wanted.add(name);
            if (kept != null) {
              different.add(name);
            }
          }
        });
    if (existing == PrivateFile.Existing.REFUSED && !different.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the folder")
          .name(folder.toString())
          .reason("other files are there: " + String.join(", ", different))
          .advice("Look at them, then add --replace or name another folder")
          .build();
    }
    for (String name : wanted) {
      Path file = folder.resolve(name);
      RepositoryFile.write(file, files.getOrDefault(name, ""), "the file");
      if (name.endsWith(".sh")) {
        makeExecutable(file);
      }
    }
    return wanted;
  }

  private static void makeExecutable(Path file) {
    try {
      AtomicFile.makeExecutable(file);
    } catch (IOException e) {
      throw AtomicFile.failure("make executable", file, e, "Run it with 'sh'");
    }
  }
}
