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
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a file or a folder could not be used. The exceptions of the JDK often say it by
 * their type alone, and their message is only the path. Stateless.
 */
public final class FileFailure {
  private FileFailure() {}

  /**
   * Puts the reason into words that can end a sentence.
   *
   * @param e the failure of a call on a file or folder
   * @return words such as {@code permission denied}, without the path and without a full stop
   */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "it exists";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (e instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    if (e instanceof FileSystemLoopException) {
      return "its links form a loop";
    }
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8 text";
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
