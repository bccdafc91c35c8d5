package de.lifetimecircle.secrets.gpg;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real gpg with its own home and its own agent, both gone after the test.
 *
 * <p>The home lies directly under /tmp: a socket path may have 108 octets at most. A missing gpg or
 * pass is a failure with the command to install it, never a skipped test.
 */
public final class GpgHome implements AutoCloseable {

  /** What a command gave back. */
  @SuppressWarnings("ArrayRecordComponent")
  public // Never compared.
  record Result(int exit, byte[] out, String err) {

    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }

    public Result orFail() {
      if (exit != 0) {
        throw new AssertionError("exit " + exit + ": " + err);
      }
      return this;
    }
  }

  private final Path home;

  public GpgHome() {
    try {
      home =
          Files.createTempDirectory(
              Path.of("/tmp"),
              "g",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // The default hashes each passphrase for 100 ms or more, at every use of a locked key.
      Files.writeString(home.resolve("gpg-agent.conf"), "s2k-count 65536\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requireInstalled("gpg", "gnupg");
    requireInstalled("pass", "pass");
  }

  public Path path() {
    return home;
  }

  /**
   * Starts the agent if it does not run. On a busy machine gpgconf once said "General error" of an
   * agent that had answered a moment before, so it has three tries.
   */
  public Path agentSocket() {
    Result launched = launchAgent();
    for (int tries = 1; launched.exit() != 0 && tries < 3; tries++) {
      launched = launchAgent();
    }
    launched.orFail();
    return home.resolve("S.gpg-agent");
  }

  private Result launchAgent() {
    return run(new byte[0], "gpgconf", "--launch", "gpg-agent");
  }

  /** Generates a key; returns its fingerprint. No passphrase means an unprotected key. */
  public String generate(String userId, String passphrase, String... parameters) {
    List<String> lines = new ArrayList<>(List.of(parameters));
    lines.add("Name-Email: " + userId);
    lines.add(passphrase.isEmpty() ? "%no-protection" : "Passphrase: " + passphrase);
    lines.add("%commit");
    gpg(String.join("\n", lines).getBytes(StandardCharsets.UTF_8), "--gen-key").orFail();
    return fingerprint(userId);
  }

  public String generateRsa(String userId, String passphrase) {
    return generate(
        userId,
        passphrase,
        "Key-Type: RSA",
        "Key-Length: 3072",
        "Key-Usage: cert,sign",
        "Subkey-Type: RSA",
        "Subkey-Length: 3072",
        "Subkey-Usage: encrypt");
  }

  public String generateCurve(String userId, String passphrase) {
    return generate(
        userId,
        passphrase,
        "Key-Type: EDDSA",
        "Key-Curve: ed25519",
        "Key-Usage: cert,sign",
        "Subkey-Type: ECDH",
        "Subkey-Curve: cv25519",
        "Subkey-Usage: encrypt");
  }

  /** To an unprotected key. */
  public void addSigningSubkey(String fingerprint) {
    gpg(new byte[0], "--passphrase", "", "--quick-add-key", fingerprint, "ed25519", "sign")
        .orFail();
  }

  /** With the revocation that gpg made together with the key. */
  public void revoke(String fingerprint) throws IOException {
    Path file = home.resolve("openpgp-revocs.d").resolve(fingerprint + ".rev");
    String armored = Files.readString(file).replace(":-----BEGIN", "-----BEGIN");
    gpg(armored.getBytes(StandardCharsets.UTF_8), "--import").orFail();
  }

  /** Runs gpg at another time: what it signs then is dated so. */
  public Result gpgAt(Instant time, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("--faked-system-time", time.getEpochSecond() + "!", "--passphrase", ""));
    all.addAll(List.of(arguments));
    return gpg(new byte[0], all.toArray(String[]::new));
  }

  /**
   * That moment, or now if it is past: a slow machine may have made a key later than a test
   * planned.
   */
  public static Instant nowOrLater(Instant moment) {
    Instant now = Instant.now();
    return moment.isBefore(now) ? now : moment;
  }

  /** Lets an unprotected key and all its subkeys end some time later; "0" for never. */
  public void setExpiry(String fingerprint, String after, Instant moment) {
    Instant time = nowOrLater(moment);
    List<String> arguments = new ArrayList<>(List.of("--quick-set-expire", fingerprint, after));
    gpgAt(time, arguments.toArray(String[]::new)).orFail();
    arguments.addAll(fingerprints(fingerprint).stream().skip(1).toList());
    gpgAt(time, arguments.toArray(String[]::new)).orFail();
  }

  /** Revokes an unprotected key with a code that gpg asks for: 0 none, 1 compromised, 3 retired. */
  public void revoke(String fingerprint, int reason, Instant time) {
    byte[] revocation =
        dialogue(time, "y\n" + reason + "\n\ny\n", "--gen-revoke", fingerprint).orFail().out();
    gpg(revocation, "--import").orFail();
  }

  /** Revokes the subkey with that number, from 1. */
  public void revokeSubkey(String fingerprint, int number, int reason, Instant time) {
    String answers = "key " + number + "\nrevkey\ny\n" + reason + "\n\ny\nsave\n";
    dialogue(time, answers, "--edit-key", fingerprint).orFail();
  }

  private Result dialogue(Instant time, String answers, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("gpg", "--no-tty", "--quiet", "--pinentry-mode", "loopback"));
    command.addAll(List.of("--passphrase", "", "--command-fd", "0", "--faked-system-time"));
    command.add(time.getEpochSecond() + "!");
    command.addAll(List.of(arguments));
    return run(answers.getBytes(StandardCharsets.UTF_8), command.toArray(String[]::new));
  }

  /** Of the primary key and its subkeys, in their order. */
  public List<String> fingerprints(String userId) {
    return gpg(new byte[0], "--with-colons", "--list-keys", "--with-subkey-fingerprint", userId)
        .orFail()
        .text()
        .lines()
        .filter(line -> line.startsWith("fpr:"))
        .map(line -> line.split(":", -1)[9])
        .toList();
  }

  public String fingerprint(String userId) {
    return gpg(new byte[0], "--with-colons", "--list-keys", userId)
        .orFail()
        .text()
        .lines()
        .filter(line -> line.startsWith("fpr:"))
        .map(line -> line.split(":", -1)[9])
        .findFirst()
        .orElseThrow();
  }

  public byte[] exportPublic(String fingerprint) {
    return gpg(new byte[0], "--export", fingerprint).orFail().out();
  }

  public byte[] exportSecret(String fingerprint, String passphrase, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--passphrase", passphrase));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--export-secret-keys", fingerprint));
    return gpg(new byte[0], arguments.toArray(String[]::new)).orFail().out();
  }

  /** Runs gpg in batch mode, trusting every key, with loopback passphrases. */
  public Result gpg(byte[] stdin, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "gpg",
                "--batch",
                "--no-tty",
                "--quiet",
                "--trust-model",
                "always",
                "--pinentry-mode",
                "loopback"));
    command.addAll(List.of(arguments));
    return run(stdin, command.toArray(String[]::new));
  }

  /** Runs a command with this home; the environment is bare otherwise. */
  public Result run(byte[] stdin, String... command) {
    return run(Map.of(), stdin, command);
  }

  public Result run(Map<String, String> environment, byte[] stdin, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().clear();
      builder.environment().put("PATH", System.getenv("PATH"));
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("HOME", home.toString());
      builder.environment().put("GNUPGHOME", home.toString());
      builder.environment().putAll(environment);
      Path err = home.resolve("err-" + Thread.currentThread().getId());
      builder.redirectError(err.toFile());
      Process process = builder.start();
      Thread feeder = feed(process, stdin);
      byte[] out;
      try (InputStream in = process.getInputStream()) {
        out = in.readAllBytes();
      }
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end within 60 s: " + command[0]);
      }
      feeder.join();
      return new Result(process.exitValue(), out, Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Thread feed(Process process, byte[] stdin) {
    Thread feeder =
        new Thread(
            () -> {
              try (OutputStream out = process.getOutputStream()) {
                out.write(stdin);
              } catch (IOException e) {
                // The process may end without reading all; its exit code tells.
              }
            });
    feeder.start();
    return feeder;
  }

  private void requireInstalled(String program, String debianPackage) {
    try {
      run(new byte[0], program, "--version").orFail();
    } catch (UncheckedIOException e) {
      throw new AssertionError(
          "Cannot test with real "
              + program
              + ": it is not installed. Install it: apt-get install "
              + debianPackage,
          e);
    }
  }

  @Override
  public void close() {
    run(new byte[0], "gpgconf", "--kill", "all");
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Sockets of the ending agent vanish while we walk; the rest is an empty directory in /tmp.
    }
  }
}
