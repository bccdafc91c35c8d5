package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.JsonLog;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records the steps of a migration in a {@link JsonLog}, each forced to disk before the next step.
 *
 * <p>A killed process may leave a last line without its end; that step does not count, and the line
 * is removed. The file is locked while it is open. Used by one thread.
 */
final class MigrationJournal implements AutoCloseable {
  private static final JsonLog.Form<MigrationLine> FORM =
      new JsonLog.Form<>(MigrationLine.class, null);

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** The beginning of a first line. */
  private static final String BEGINNING = "{\"step\":\"BEGUN\",";

  private final Path file;
  private final FileChannel channel;
  private final Runnable breakpoint;
  private final JsonLog<MigrationLine> log;
  private final MigrationProgress progress = new MigrationProgress();
  private @Nullable MigrationLine plan;

  private MigrationJournal(Path file, FileChannel channel, Runnable breakpoint) throws IOException {
    this.file = file;
    this.channel = channel;
    this.breakpoint = breakpoint;
    if (!NameLock.hold(channel)) {
      throw failure(SecretException.Kind.CONFLICT, file, "another run has it open");
    }
    JsonLog.Summary unused =
        FORM.read(Channels.newInputStream(channel), this::take, this::requireWhole);
    boolean ours =
        plan == null
            ? channel.size() == 0 || beginning().equals(BEGINNING)
            : plan.step() == MigrationLine.Step.BEGUN;
    if (!ours) { // never cut: it may be a key that was named by mistake
      throw damaged("it is not the journal of a migration");
    }
    this.log = JsonLog.at(channel, FORM, rest -> {});
  }

  private void take(MigrationLine line) {
    plan = plan == null ? line : plan;
    progress.take(line);
  }

  private void requireWhole(JsonLog.Problem problem) {
    if (!problem.cut()) {
      throw damaged(
          "line " + problem.line() + ": " + problem.text() + ", or another version wrote it");
    }
  }

  private String beginning() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BEGINNING.length());
    int length = channel.read(bytes, 0);
    return new String(bytes.array(), 0, Math.max(0, length), StandardCharsets.UTF_8);
  }

  /**
   * Opens or makes the file and reads it.
   *
   * @param breakpoint runs before and after each write, for tests that kill the process there
   * @throws SecretException {@code CONFLICT} while another run has the file open, {@code CORRUPT}
   *     if the file is not a journal, of another version or edited
   */
  static MigrationJournal open(Path file, Runnable breakpoint) {
    FileChannel channel = null;
    try {
      TrustedPath.requireNoForeignLink(file);
      channel = FileChannel.open(file, OPTIONS, OwnerOnlyFiles.file(file));
      return new MigrationJournal(file, channel, breakpoint);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        close(channel);
      }
      if (e instanceof SecretException known) {
        throw known;
      }
      throw failure(
          SecretException.Kind.ACCESS_DENIED,
          file,
          e instanceof IOException io ? FileFailure.reason(io) : "its name is not a usable path");
    }
  }

  private static SecretException failure(SecretException.Kind kind, Path file, String reason) {
    return SecretException.of(kind, "use the journal")
        .name(file.toString())
        .reason(reason)
        .advice("Name another one with --journal, or move this one away if you do not need its run")
        .build();
  }

  private SecretException damaged(String reason) {
    return failure(SecretException.Kind.CORRUPT, file, reason);
  }

  /** Returns the first line, which has the plan; empty in a new file. */
  Optional<MigrationLine> plan() {
    return Optional.ofNullable(plan);
  }

  /** Returns the progress by all lines so far. */
  MigrationProgress progress() {
    return progress;
  }

  /** Records a step, on disk when the method returns. */
  void add(MigrationLine line) {
    breakpoint.run();
    try {
      log.append(line);
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.UNAVAILABLE, "write the journal")
          .name(file.toString())
          .reason(FileFailure.reason(e))
          .advice("Check the disk and run the same command again: it resumes where it stopped")
          .build();
    }
    take(line);
    breakpoint.run();
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Every line is on disk already; the lock ends with the process.
      System.getLogger(MigrationJournal.class.getName())
          .log(System.Logger.Level.DEBUG, "closing the journal failed");
    }
  }
}
