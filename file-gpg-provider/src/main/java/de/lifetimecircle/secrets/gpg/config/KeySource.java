package de.lifetimecircle.secrets.gpg.config;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.gpg.gpgagent.GpgAgent;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyFile;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where our private key comes from: a file, or a gpg-agent. Immutable; every call reads the disk.
 *
 * @param file the key file, or the certificate of the key that the agent holds
 * @param agentSocket the agent, if one is used
 * @param passphrase what unlocks it
 */
public record KeySource(Path file, Optional<Path> agentSocket, PassphraseSource passphrase) {
  private static final String USER_ID = "lifetimecircle-secrets";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Returns whether the path exists, also as a link or a folder. */
  public boolean exists() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads and unlocks the key. */
  public PgpIdentity load() throws IOException {
    char[] secret = passphrase.read();
    try {
      return agentSocket.isPresent()
          ? GpgAgent.identity(agentSocket.get(), ofAgent(), secret)
          : fromFile(bytes -> PgpIdentity.fromKeyFile(bytes, secret));
    } catch (PgpFailure e) {
      throw GpgErrors.ofKey(e);
    } catch (NoSuchFileException e) {
      throw agentSocket.isPresent()
          ? withoutCertificate()
          : StoreFailure.of(
              Kind.UNAUTHENTICATED,
              "the key " + file + " is not there, but its store is",
              "Put the key back from its backup; a new key could not read the store");
    } finally {
      wipe(secret);
    }
  }

  /** Reads the certificate of the key again, without unlocking the key. */
  public PgpCertificate certificate() throws IOException {
    return agentSocket.isPresent() ? ofAgent() : fromFile(PgpKeyFile::certificate);
  }

  /**
   * Returns the command that updates the file after gpg has changed the key. An export without the
   * key must not empty the file, which may be its only copy: gpg 2.2 exports nothing for a key that
   * it does not have, and still ends with 0. The file keeps its owner, who may be a service.
   */
  public String exportCommand(String fingerprint) {
    String export = agentSocket.isPresent() ? "gpg --export " : "gpg --export-secret-keys ";
    String target = ShellWord.of(file);
    String draft = ShellWord.of(Path.of(file + ".new"));
    return String.format(
        Locale.ROOT,
        "(umask 077 && %1$s%2$s > %3$s && test -s %3$s && cat %3$s > %4$s && rm %3$s)",
        export,
        fingerprint,
        draft,
        target);
  }

  private PgpCertificate ofAgent() throws IOException {
    return PgpCertificate.parse(
        PrivateFiles.readUpTo("certificate", file, PgpCertificate.MAX_BYTES));
  }

  private StoreFailure withoutCertificate() {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "the certificate " + file + " is not there",
        "Export it: gpg --export FINGERPRINT > " + ShellWord.of(file));
  }

  private <T> T fromFile(Function<byte[], T> reader) throws IOException {
    byte[] bytes = PrivateFiles.read("key file", file, PgpCertificate.MAX_BYTES);
    try {
      return reader.apply(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Creates the key file, unless another process was first. */
  public void create(Instant now) throws IOException {
    if (agentSocket.isPresent()) {
      throw withoutCertificate();
    }
    TrustedPath.requireNoForeignLink(file);
    char[] secret = passphrase.read();
    byte[] key = PgpKeyGenerator.generate(USER_ID, secret, now);
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder, OwnerOnlyFiles.folder(folder));
      }
      publish(key);
    } finally {
      wipe(secret);
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Publishes the key file in one step, so that a crash leaves no partial one. A rename and not a
   * link, so that there is never a second copy of a key that is in use. A copy that a crash left
   * before was never in use, and is removed.
   */
  private void publish(byte[] key) throws IOException {
    Path folder = file.resolveSibling(".").toRealPath();
    Path lock = folder.resolve(file.getFileName() + ".lock");
    StoreLock.of(lock)
        .toChange(
            CallDeadline.after(PATIENCE),
            mode -> {
              if (exists()) {
                StoreLog.LOG.log(
                    System.Logger.Level.DEBUG, "Another process made the key {0} first.", file);
              } else {
                removeDrafts(folder);
                OwnerOnlyFiles.write(folder.resolve(file.getFileName()), key);
              }
              Files.deleteIfExists(lock);
              return mode;
            });
    DurableFiles.syncFolder(folder);
  }

  /** Removes drafts by the names that {@link OwnerOnlyFiles#write} gives them. */
  private void removeDrafts(Path folder) throws IOException {
    String name = Pattern.quote(file.getFileName() + ".");
    String draft = "\\." + name + "[0-9a-f-]{36}|" + name + "[0-9a-f]{32}"; // the latter formerly
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (String.valueOf(entry.getFileName()).matches(draft)) {
          Files.delete(entry);
        }
      }
    }
  }

  /** Describes for people which attacks the key protects against. */
  public String protection() {
    if (agentSocket.isPresent()) {
      return "The secret key stays in gpg-agent; whoever may use its socket can read the secrets.";
    }
    if (passphrase.isNone()) {
      return "The key file has no passphrase from this configuration: it protects a copied store,"
          + " not this host. Whoever can read "
          + file
          + " can read every secret.";
    }
    return "The key file is unlocked with "
        + passphrase.description()
        + "; whoever can read both can read every secret.";
  }

  private static void wipe(char @Nullable [] secret) {
    if (secret != null) {
      Arrays.fill(secret, '\0');
    }
  }

  @Override
  public String toString() {
    return "KeySource[" + file + "]";
  }
}
