package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names that the last {@code secrets list} of a backend printed, for the completion of a shell,
 * which never asks a backend. A file for each scheme, readable by its owner only; it holds names
 * and nothing else. Stateless; blocks for the file system.
 */
public final class NameCache {
  private static final int MOST = 5000;

  /** Others cannot be typed without quotes, and a shell would expand some. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./@+=-]{1,400}");

  private NameCache() {}

  /** Returns whether a shell takes the name as it is. */
  public static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches() && !name.startsWith("-");
  }

  /** Keeps these names instead of earlier ones; leaves them if the folder cannot be written. */
  public static void keep(
      Map<String, String> environment, String scheme, Collection<String> names) {
    Optional<Path> file = file(environment, scheme);
    if (file.isEmpty()) {
      return;
    }
    String text =
        String.join("\n", names.stream().filter(NameCache::isPlain).limit(MOST).toList()) + "\n";
    try {
      TrustedPath.requireNoForeignLink(file.get()); // sudo may keep the HOME of another user
      Path folder = file.get().resolveSibling(".");
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.normalize(), OwnerOnlyFiles.folder(folder));
      }
      Path draft =
          file.get().resolveSibling(file.get().getFileName() + "-" + ProcessHandle.current().pid());
      Files.deleteIfExists(draft);
      Files.createFile(draft, OwnerOnlyFiles.file(draft));
      Files.writeString(draft, text);
      Files.move(draft, file.get(), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UnsupportedOperationException | SecretException e) {
      return; // the completion then knows fewer names
    }
  }

  /** Returns the kept names; none if there are none. */
  public static List<String> names(Map<String, String> environment, String scheme) {
    Optional<Path> file = file(environment, scheme);
    if (file.isEmpty()) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file.get(), StandardCharsets.UTF_8)) {
      return lines.filter(NameCache::isPlain).limit(MOST).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Optional<Path> file(Map<String, String> environment, String scheme) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (!scheme.matches("[a-z0-9-]{1,32}") || (cache.isEmpty() && home.isEmpty())) {
      return Optional.empty();
    }
    try {
      Path folder = cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache);
      return folder.isAbsolute()
          ? Optional.of(folder.resolve("secrets").resolve("names-" + scheme))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
