package de.lifetimecircle.secrets.agent.files;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.agent.reads.ETags;
import de.lifetimecircle.secrets.agent.reads.ReadEvent;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps files current for programs that can read nothing else: nginx, HAProxy, PostgreSQL.
 *
 * <p>One thread writes, because a listener must not block. It compares the version of each file
 * with the current one whenever an event comes, and every few seconds: so a file that could not be
 * written, or whose secret did not exist yet, is tried again. A file stays as it is while the
 * backend is down, after its secret was deleted, and when the agent ends. Safe for use by several
 * threads.
 */
public final class SecretFiles implements AutoCloseable {
  private static final Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /**
   * How long the start waits for the first round: as long as one read may take by default. A
   * backend that hangs takes longer.
   */
  private static final Duration FIRST_ROUND = Duration.ofSeconds(10);

  private final List<FileTarget> targets;
  private final SecretProvider provider;
  private final Consumer<ReadEvent> log;
  private final List<SecretListener.Registration> registrations = new ArrayList<>();
  private final Semaphore events = new Semaphore(0);
  private final Thread writer;

  /** Opens when each file has been tried once. */
  private final CountDownLatch firstRound = new CountDownLatch(1);

  /** The problems of that round that no backend can end. */
  private volatile List<String> unwritable = List.of();

  /** The version in each file; used by the writer only. */
  private final Map<Path, String> versions = new HashMap<>();

  /** The last problem of each file, so that each is reported once; used by the writer only. */
  private final Map<Path, Problem> problems = new HashMap<>();

  private volatile boolean closed;

  /** Why a file is not written; no backend and no later round ends one that lasts. */
  private record Problem(String text, boolean lasts) {
    static final Problem NONE = new Problem("", false);
  }

  private SecretFiles(List<FileTarget> targets, SecretProvider provider, Consumer<ReadEvent> log) {
    this.targets = List.copyOf(targets);
    this.provider = provider;
    this.log = log;
    this.writer = new Thread(this::follow, "agent-files");
    this.writer.setDaemon(true);
  }

  /**
   * Begins to write the files, and follows the rotations of their secrets until it is closed. Waits
   * until each file has been tried once, but not for a backend that hangs: the agent must listen.
   *
   * @throws SecretException {@code CONFIGURATION} if a file cannot be written
   */
  public static SecretFiles start(
      List<FileTarget> targets, SecretProvider provider, Consumer<ReadEvent> log) {
    SecretFiles files = new SecretFiles(targets, provider, log);
    files.removePartial();
    requireNone(targets.stream().flatMap(target -> obstacle(target).stream()).toList());
    // The listeners first, so that no rotation between a write and its listener is missed.
    targets.stream()
        .map(FileTarget::name)
        .distinct()
        .forEach(
            name ->
                files.registrations.add(provider.onChange(name, event -> files.events.release())));
    files.writer.start();
    List<String> wrong = files.awaitFirstRound();
    if (!wrong.isEmpty()) {
      files.close();
    }
    requireNone(wrong);
    return files;
  }

  private List<String> awaitFirstRound() {
    try {
      if (!firstRound.await(FIRST_ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Logger.Level.WARNING, "The backend has not answered yet: some files come later.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return unwritable;
  }

  /** Removes what a killed agent left behind. */
  private void removePartial() {
    for (Path folder : targets.stream().map(FileTarget::folder).distinct().toList()) {
      try (DirectoryStream<Path> left =
          Files.newDirectoryStream(folder, FileTarget.PARTIAL + "*.tmp")) {
        for (Path each : left) {
          Files.delete(each);
        }
      } catch (IOException e) {
        LOG.log(Logger.Level.WARNING, "Cannot clean {0}: {1}.", folder, e.toString());
      }
    }
  }

  private static Optional<String> obstacle(FileTarget target) {
    try {
      target.requireWritable();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("Cannot write " + target.path() + ": " + e.getMessage() + ".");
    }
  }

  private static void requireNone(List<String> problems) {
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the files of the list")
          .problems(problems)
          .build();
    }
  }

  /** A secret that is missing or a backend that is down may come; rights do not. */
  private List<String> lasting() {
    return targets.stream()
        .map(target -> problems.getOrDefault(target.path(), Problem.NONE))
        .filter(Problem::lasts)
        .map(Problem::text)
        .toList();
  }

  private void follow() {
    try {
      round();
      unwritable = lasting();
    } finally {
      firstRound.countDown();
    }
    while (!closed) {
      try {
        if (events.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          int unused = events.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      round();
    }
  }

  /** Keeps running after any failure, such as a heap that is full for a moment. */
  private void round() {
    try {
      writeAll();
    } catch (RuntimeException | Error e) { // its text may hold anything
      try {
        LOG.log(Logger.Level.ERROR, "The files stay as they are: {0}.", e.getClass().getName());
      } catch (RuntimeException | Error again) {
        // The heap is still full, perhaps. The next round tries again, and says so.
      }
    }
  }

  private void writeAll() {
    for (FileTarget target : targets) {
      if (closed) { // one that hangs is enough to wait for
        return;
      }
      Problem problem = write(target);
      Problem before = problems.put(target.path(), problem);
      if (!problem.text().isEmpty() && !problem.equals(before)) {
        LOG.log(Logger.Level.WARNING, problem.text());
      }
    }
  }

  /** Returns the problem, or none. */
  private Problem write(FileTarget target) {
    try {
      Secret secret = provider.get(target.name());
      String version = ETags.of(secret);
      if (version.equals(versions.get(target.path())) && Files.exists(target.path())) {
        return Problem.NONE;
      }
      target.write(secret.value());
      versions.put(target.path(), version);
      log.accept(
          new ReadEvent(
              "file",
              caller(target),
              "file " + target.path(),
              target.name(),
              Optional.of(secret.version()),
              "ok"));
      return Problem.NONE;
    } catch (SecretException e) {
      return new Problem("The file " + target.path() + " stays as it is: " + e.getMessage(), false);
    } catch (IOException e) {
      return new Problem("Cannot write " + target.path() + ": " + e.getMessage() + ".", true);
    } catch (RuntimeException | Error e) { // the other files follow, and this one again later
      return new Problem(
          "Cannot write " + target.path() + ": " + e.getClass().getName() + ".", false);
    }
  }

  private static Caller caller(FileTarget target) {
    // The log wants a caller; a file gets no answer, and one is written after the other.
    BytesUnderWay.Held none = new BytesUnderWay(0, Duration.ZERO).of("file");
    return new Caller(PeerSocket.unix(target.owner()), Optional.empty(), "file", none);
  }

  /** Ends the following; the files stay. */
  @Override
  public void close() {
    closed = true;
    registrations.forEach(SecretListener.Registration::close);
    events.release();
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
