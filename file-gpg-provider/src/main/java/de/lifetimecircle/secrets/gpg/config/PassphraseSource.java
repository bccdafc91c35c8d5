package de.lifetimecircle.secrets.gpg.config;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the passphrase of the key comes from; holds none itself. Immutable. */
public record PassphraseSource(String description, Source source) {
  private static final int MAX_BYTES = 4096;

  /** Reads the passphrase; null if there is none by intention. */
  @FunctionalInterface
  interface Source {
    char @Nullable [] read() throws IOException;
  }

  static PassphraseSource none() {
    return new PassphraseSource("", () -> null);
  }

  /**
   * Returns a source that reads a file.
   *
   * @param file as named
   * @param credential the same name among the credentials that systemd hands to a service
   */
  static PassphraseSource file(Path file, Optional<Path> credential) {
    return new PassphraseSource(
        "a passphrase from a file",
        () -> {
          Path chosen = credential.filter(Files::exists).orElse(file);
          try {
            byte[] bytes = PrivateFiles.read("passphrase file", chosen, MAX_BYTES);
            try {
              return decode(bytes, "passphrase file " + chosen);
            } finally {
              Arrays.fill(bytes, (byte) 0);
            }
          } catch (NoSuchFileException e) {
            throw missing("passphrase file " + chosen + " is not there");
          }
        });
  }

  /** Returns a source that reads an environment variable. */
  static PassphraseSource variable(String name, Function<String, Optional<String>> environment) {
    return new PassphraseSource(
        "a passphrase from the environment",
        () ->
            environment
                .apply(name)
                .orElseThrow(
                    () -> missing("the environment has no variable for gpg.passphrase-variable"))
                .toCharArray());
  }

  boolean isNone() {
    return description.isEmpty();
  }

  /** Returns the passphrase, for the caller to overwrite; null if there is none by intention. */
  char @Nullable [] read() throws IOException {
    return source.read();
  }

  private static char[] decode(byte[] bytes, String what) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
    }
    if (end == 0) {
      throw missing(what + " is empty");
    }
    try {
      CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
      char[] passphrase = new char[chars.remaining()];
      chars.get(passphrase);
      Arrays.fill(chars.array(), '\0');
      return passphrase;
    } catch (CharacterCodingException e) {
      throw missing(what + " is not UTF-8");
    }
  }

  private static StoreFailure missing(String reason) {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED, reason, "Check gpg.passphrase-file and gpg.passphrase-variable");
  }

  @Override
  public String toString() {
    return "Passphrase[" + (isNone() ? "none" : description) + "]";
  }
}
