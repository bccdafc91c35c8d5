package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes values as credentials of systemd: a folder {@code 0700} with a file {@code 0600} for each
 * value, named after its variable, with the exact bytes. Used by one thread; blocks for the file
 * system.
 */
public final class SystemdCredentials {
  /** The protection of the files. */
  public enum Protection {
    /** Plain, for {@code LoadCredential}. */
    PLAIN,
    /** Encrypted by {@code systemd-creds} for this machine, for {@code LoadCredentialEncrypted}. */
    ENCRYPTED
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Protection protection;
  private final Map<String, String> environment;
  private final String encrypter;
  private final Duration patience;

  /**
   * Prepares credentials in a folder.
   *
   * @param environment the environment of {@code systemd-creds}
   */
  public SystemdCredentials(Path folder, Protection protection, Map<String, String> environment) {
    this(folder, protection, environment, "systemd-creds", PATIENCE);
  }

  /** Prepares credentials with another program for encryption and its time limit for one value. */
  public SystemdCredentials(
      Path folder,
      Protection protection,
      Map<String, String> environment,
      String encrypter,
      Duration patience) {
    this.folder = folder;
    this.protection = protection;
    this.environment = Map.copyOf(environment);
    this.encrypter = encrypter;
    this.patience = patience;
  }

  /**
   * Encrypts all values, then writes the files; makes the folder if it is missing.
   *
   * @return the lines for the unit, one for each value
   * @throws SecretException {@code CONFLICT} if a file exists and may not be replaced, {@code
   *     CONFIGURATION} if one cannot be written or encrypted
   */
  public List<String> write(List<VariableValue> values, PrivateFile.Existing existing) {
    PrivateFile.makeFolder(folder);
    // Checks all files before writing the first, so that a failure leaves nothing half done.
    values.forEach(value -> PrivateFile.requireWritable(file(value), existing));
    List<byte[]> contents = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    try {
      values.forEach(value -> contents.add(content(value)));
      for (int i = 0; i < values.size(); i++) {
        VariableValue value = values.get(i);
        PrivateFile.write(file(value), contents.get(i), existing);
        lines.add(setting() + value.variable() + ":" + file(value).toAbsolutePath());
      }
    } finally {
      contents.forEach(content -> Arrays.fill(content, (byte) 0));
    }
    return lines;
  }

  private String setting() {
    return protection == Protection.ENCRYPTED ? "LoadCredentialEncrypted=" : "LoadCredential=";
  }

  private byte[] content(VariableValue value) {
    byte[] bytes = value.value().asBytes();
    if (protection == Protection.PLAIN) {
      return bytes;
    }
    try {
      return encrypted(value, bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private Path file(VariableValue value) {
    return folder.resolve(value.variable());
  }

  /** Encrypts a value from standard input; the credential's name is authenticated with it. */
  private byte[] encrypted(VariableValue value, byte[] bytes) {
    ProcessBuilder builder =
        new ProcessBuilder(encrypter, "encrypt", "--name=" + value.variable(), "-", "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process program;
    try {
      program = builder.start();
    } catch (IOException e) {
      throw failure(value, "systemd-creds cannot be run");
    }
    CompletableFuture<byte[]> sealed = new CompletableFuture<>();
    // In a separate thread, because a program that neither reads nor writes blocks its pipes.
    Thread pipes = new Thread(() -> exchange(program, bytes, sealed), "secrets-systemd-creds");
    pipes.setDaemon(true);
    pipes.start();
    try {
      byte[] content = sealed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!program.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      if (program.exitValue() != 0 || content.length == 0) {
        throw failure(value, "systemd-creds failed with exit code " + program.exitValue());
      }
      return content;
    } catch (TimeoutException e) {
      throw failure(value, "systemd-creds does not end");
    } catch (ExecutionException e) {
      throw failure(value, "the output of systemd-creds cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(value, "interrupted");
    } finally {
      program.destroyForcibly();
    }
  }

  /** Writes the value and reads the result; null if the program did not read all of the value. */
  private static void exchange(Process program, byte[] bytes, CompletableFuture<byte[]> sealed) {
    try (InputStream out = program.getInputStream()) {
      try (OutputStream in = program.getOutputStream()) {
        in.write(bytes);
      } catch (IOException e) {
        sealed.complete(new byte[0]); // it ended early, and its exit code says why
        return;
      }
      sealed.complete(out.readAllBytes());
    } catch (IOException e) {
      sealed.completeExceptionally(e);
    }
  }

  private static SecretException failure(VariableValue value, String reason) {
    return SecretException.of(
            SecretException.Kind.CONFIGURATION, "encrypt the credential of secret")
        .name(value.name())
        .reason(reason)
        .advice("Run 'systemd-creds setup' as root on the service's machine, or omit --encrypt")
        .build();
  }
}
