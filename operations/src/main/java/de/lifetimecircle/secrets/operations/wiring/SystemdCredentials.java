package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Values as credentials of systemd: a folder {@code 0700} with a file {@code 0600} for each, named
 * after its variable, holding the exact bytes. Used by one thread; blocks for the file system.
 */
public final class SystemdCredentials {
  /** How the files are kept. */
  public enum Protection {
    /** As they are, for {@code LoadCredential}. */
    PLAIN,
    /** Encrypted by {@code systemd-creds} for this machine, for {@code LoadCredentialEncrypted}. */
    ENCRYPTED
  }

  private static final long PATIENCE_SECONDS = 60;

  private final Path folder;
  private final Protection protection;
  private final Map<String, String> environment;

  /**
   * Credentials in that folder.
   *
   * @param environment the environment of {@code systemd-creds}
   */
  public SystemdCredentials(Path folder, Protection protection, Map<String, String> environment) {
    this.folder = folder;
    this.protection = protection;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Writes the files; the folder is made unless it is there.
   *
   * @return the lines for the unit, one for each value
   * @throws SecretException {@code CONFLICT} if a file is there and may not be replaced, {@code
   *     CONFIGURATION} if one cannot be written or encrypted
   */
  public List<String> write(List<WiredValue> values, PrivateFile.Existing existing) {
    PrivateFile.makeFolder(folder);
    // All are looked at before the first is written, so that a refusal leaves nothing half done.
    values.forEach(value -> PrivateFile.requireWritable(file(value), existing));
    List<String> lines = new ArrayList<>();
    String setting =
        protection == Protection.ENCRYPTED ? "LoadCredentialEncrypted=" : "LoadCredential=";
    for (WiredValue value : values) {
      byte[] bytes = value.value().asBytes();
      byte[] content = protection == Protection.ENCRYPTED ? encrypted(value, bytes) : bytes;
      PrivateFile.write(file(value), content, existing);
      Arrays.fill(bytes, (byte) 0);
      lines.add(setting + value.variable() + ":" + file(value).toAbsolutePath());
    }
    return lines;
  }

  private Path file(WiredValue value) {
    return folder.resolve(value.variable());
  }

  /** The value goes in by standard input; the name of the credential is part of what is sealed. */
  private byte[] encrypted(WiredValue value, byte[] bytes) {
    ProcessBuilder builder =
        new ProcessBuilder("systemd-creds", "encrypt", "--name=" + value.variable(), "-", "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      Process program = builder.start();
      // It reads all of its input before it writes.
      try (OutputStream in = program.getOutputStream()) {
        in.write(bytes);
      }
      byte[] content = program.getInputStream().readAllBytes();
      if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        program.destroyForcibly();
        throw failure(value, "systemd-creds does not end");
      }
      if (program.exitValue() != 0 || content.length == 0) {
        throw failure(value, "systemd-creds failed with exit code " + program.exitValue());
      }
      return content;
    } catch (IOException e) {
      throw failure(value, "systemd-creds cannot be run");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(value, "interrupted");
    }
  }

  private static SecretException failure(WiredValue value, String reason) {
    return SecretException.of(
            SecretException.Kind.CONFIGURATION, "encrypt the credential of secret")
        .name(value.name())
        .reason(reason)
        .advice(
            "Try 'systemd-creds setup' as root on the machine of the service, or leave --encrypt out")
        .build();
  }
}
