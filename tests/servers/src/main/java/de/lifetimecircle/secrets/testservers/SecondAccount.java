package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A second account of this host, for tests in which another user attacks. It has a home that
 * everybody can enter. {@link #close} removes the account, its home and its processes.
 *
 * <p>Needs root, or {@code sudo} without a password, as on the machines of a CI. Elsewhere the test
 * fails and says so: a test that is left out would hide an attack. Safe for use by several threads;
 * blocks for the programs that it runs.
 */
public final class SecondAccount implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name;
  private final Path home;
  private final List<Process> started = new CopyOnWriteArrayList<>();
  private final Thread atExit = new Thread(this::remove, "remove-account");

  private SecondAccount(String name, Path home) {
    this.name = name;
    this.home = home;
  }

  /**
   * Makes an account without a password.
   *
   * @throws IllegalStateException if this user may not make one; says what to do
   */
  @OutsideTheRules // The shutdown hook: a test run that is cut off must not leave the account.
  public static SecondAccount create() {
    String name = "secrets-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    try {
      Path home = Files.createTempDirectory("second-account");
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
      try {
        asRoot(
            "/usr/sbin/useradd",
            "--system", // no entries in /etc/subuid
            "--user-group",
            "--no-create-home",
            "--home-dir=" + home,
            "--shell=/bin/sh",
            name);
      } catch (IllegalStateException e) {
        Files.delete(home);
        throw e;
      }
      SecondAccount account = new SecondAccount(name, home);
      Runtime.getRuntime().addShutdownHook(account.atExit);
      asRoot("chown", name + ":" + name, home.toString());
      return account;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the home of a second account", e);
    }
  }

  /** Returns its name, which is that of its group too. */
  public String name() {
    return name;
  }

  /** Returns its home: its own, mode 0755, in the folder for temporary files. */
  public Path home() {
    return home;
  }

  /**
   * Makes a file of this account in its home, or replaces its content. A file that the test itself
   * writes there belongs to the test: whether the account can read it depends on the umask of the
   * build, which is 077 in {@code ./verify}, and a test that is not root can write none.
   *
   * @param file its name, relative to the home
   */
  public Path write(String file, byte[] content) {
    List<String> command = List.of("sh", "-c", "cat > \"$1\"", "sh", file);
    String unused = output(command, start(command.toArray(String[]::new)), content);
    return home.resolve(file);
  }

  /**
   * Runs a program as this account, in its home and with an environment of its own, and waits until
   * it ends.
   *
   * @return what it wrote, without the white space around
   * @throws IllegalStateException if it does not end with 0
   */
  public String run(String... command) {
    return output(List.of(command), start(command), new byte[0]);
  }

  /**
   * Starts a program as this account, in its home and with an environment of its own; its errors go
   * where its output goes. Whatever of it still runs is killed by {@link #close}.
   */
  public Process start(String... command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--clear-groups"));
    all.addAll(List.of("env", "-i", "-C", home.toString(), "HOME=" + home, "USER=" + name));
    all.addAll(List.of("LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"));
    all.addAll(List.of(command));
    Process process = begin(all);
    started.add(process);
    return process;
  }

  private static void asRoot(String... command) {
    List<String> all = List.of(command);
    String unused = output(all, begin(all), new byte[0]);
  }

  private static Process begin(List<String> command) {
    List<String> all = new ArrayList<>();
    if (!System.getProperty("user.name", "").equals("root")) {
      all.addAll(List.of("sudo", "-n"));
    }
    all.addAll(command);
    try {
      return new ProcessBuilder(all).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw refused(command, e.toString());
    }
  }

  /** Gives a program its whole input, then waits for its output; so it reads before it writes. */
  private static String output(List<String> command, Process process, byte[] input) {
    try (InputStream written = process.getInputStream()) {
      try (OutputStream in = process.getOutputStream()) {
        in.write(input);
      }
      String text = new String(written.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw refused(command, text.strip());
      }
      return text.strip();
    } catch (IOException e) {
      throw refused(command, e.toString());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw refused(command, "interrupted");
    }
  }

  private static IllegalStateException refused(List<String> command, String reason) {
    return new IllegalStateException(
        "Cannot run '"
            + String.join(" ", command)
            + "' for a second account: "
            + reason
            + ". Run the tests as root, or as a user who may call sudo without a password");
  }

  private void remove() {
    List<String> running =
        started.stream()
            .map(Process::toHandle)
            .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each)))
            .filter(ProcessHandle::isAlive)
            .map(each -> String.valueOf(each.pid()))
            .toList();
    if (!running.isEmpty()) { // one of them may end by itself meanwhile
      asRoot("sh", "-c", "kill -9 $1 2>/dev/null || :", "kill", String.join(" ", running));
    }
    asRoot("/usr/sbin/userdel", "--force", name); // also if the kernel has not ended a process yet
    asRoot("rm", "-rf", "--one-file-system", "--", home.toString());
  }

  /** Kills what it still runs, and removes it with its home. */
  @Override
  @OutsideTheRules
  public void close() {
    remove();
    boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
  }

  /** Shows its name. */
  @Override
  public String toString() {
    return "SecondAccount[" + name + "]";
  }
}
