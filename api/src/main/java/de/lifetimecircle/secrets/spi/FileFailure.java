package de.lifetimecircle.secrets.spi;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a file or a folder could not be used. The exceptions of the JDK often say it by
 * their type alone, and their message is only the path. Stateless.
 *
 * <pre>{@code
 * Path file = Path.of("/etc/example/token");
 * try {
 *   String token = Files.readString(file).strip();
 * } catch (IOException e) {
 *   String reason = "cannot read " + file + ": " + FileFailure.reason(e);
 *   throw StoreFailure.of(SecretException.Kind.CONFIGURATION, reason, "Set example.token-file");
 * }
 * }</pre>
 */
public final class FileFailure {
  /** None of these types is a subtype of another. */
  private static final Map<Class<? extends IOException>, String> REASONS =
      Map.of(
          NoSuchFileException.class, "no such file or folder",
          AccessDeniedException.class, "permission denied",
          FileAlreadyExistsException.class, "it exists",
          DirectoryNotEmptyException.class, "the folder is not empty",
          NotDirectoryException.class, "it is not a folder",
          FileSystemLoopException.class, "its links form a loop",
          CharacterCodingException.class, "it is not UTF-8 text");

  private FileFailure() {}

  /**
   * Puts the reason into words that can end a sentence.
   *
   * @param e the failure of a call on a file or folder
   * @return words such as {@code permission denied}, without the path and without a full stop
   */
  public static String reason(IOException e) {
    for (Map.Entry<Class<? extends IOException>, String> each : REASONS.entrySet()) {
      if (each.getKey().isInstance(e)) {
        return each.getValue();
      }
    }
    return said(e instanceof FileSystemException f ? f.getReason() : e.getMessage());
  }

  private static String said(@Nullable String reason) {
    if (reason == null || reason.isBlank()) {
      return "the system gives no reason";
    }
    return reason.strip().equals("Is a directory") ? "it is a folder" : reason.strip();
  }
}
