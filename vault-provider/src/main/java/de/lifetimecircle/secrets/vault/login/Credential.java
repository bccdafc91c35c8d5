package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Something to log in with: a text, or a file that holds it. Immutable; never shows itself. */
public final class Credential {
  private static final int MAX_BYTES = 1024 * 1024;

  private final String text;
  private final Optional<Path> file;

  private Credential(String text, Optional<Path> file) {
    this.text = text;
    this.file = file;
  }

  /** Returns a credential that is set itself. */
  public static Credential of(String text) {
    return new Credential(text, Optional.empty());
  }

  /** Returns a credential in a file, which is read at each login. */
  public static Credential file(Path file) {
    return new Credential("", Optional.of(file));
  }

  /** Where it is, for a message. */
  public String place() {
    return file.map(path -> "in " + path).orElse("of the settings");
  }

  /** Whether it is to be in a file that is not there. */
  boolean isAbsent() {
    return file.filter(Files::notExists).isPresent();
  }

  /** Returns the credential as it is now. */
  public String read() {
    if (file.isEmpty()) {
      return text;
    }
    Path path = file.get();
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw unusable(path, "is too large for a credential");
      }
      // Editors and pipes leave a newline at the end.
      String content = Files.readString(path).replaceAll("[\\r\\n]+$", "");
      if (content.isBlank() || content.chars().anyMatch(Character::isISOControl)) {
        throw unusable(path, "holds no credential on one line");
      }
      return content;
    } catch (CharacterCodingException e) {
      throw unusable(path, "holds no text");
    } catch (IOException e) {
      throw unusable(path, Files.exists(path) ? "cannot be read" : "does not exist");
    }
  }

  /** Says whether the file is still the same; empty for a text. */
  String mark() {
    try {
      if (file.isEmpty()) {
        return "";
      }
      BasicFileAttributes now = Files.readAttributes(file.get(), BasicFileAttributes.class);
      return now.lastModifiedTime() + "/" + now.size() + "/" + now.fileKey();
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private static StoreFailure unusable(Path path, String why) {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "the credential file " + path + " " + why,
        "Check it, and the rights on it");
  }

  @Override
  public String toString() {
    return "Credential[redacted]";
  }
}
