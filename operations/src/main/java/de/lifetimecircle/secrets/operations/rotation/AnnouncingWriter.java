package de.lifetimecircle.secrets.operations.rotation;

import static java.util.stream.Collectors.joining;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.CommandHint;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A writer that announces each new current version through the channel of the setting {@code push}.
 * An announcement that fails stops nothing, because every process polls as well: {@link #close}
 * reports all names that the channel did not take, with the commands that announce them. Once
 * failures have taken ten seconds, no other name is tried, so that a dead channel does not hold up
 * a long rotation. Used by one thread.
 */
public final class AnnouncingWriter implements SecretWriter {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SecretWriter writer;
  private final Consumer<String> note;
  private final CommandHint hint;
  private final LongSupplier clock;
  private final Set<String> missed = new LinkedHashSet<>();
  private Duration lost = Duration.ZERO;
  private String failure = "";

  /**
   * Wraps a writer.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  AnnouncingWriter(
      SecretWriter writer, Consumer<String> note, CommandHint hint, LongSupplier clock) {
    this.writer = writer;
    this.note = note;
    this.hint = hint;
    this.clock = clock;
  }

  /**
   * Returns a writer that announces; the writer itself if no channel is configured.
   *
   * @param note takes a sentence for people about the announcements that failed
   * @param hint completes the commands in that sentence
   */
  public static SecretWriter of(SecretWriter writer, Consumer<String> note, CommandHint hint) {
    String channel = StoreSettings.value(writer.provider(), "push");
    return !channel.isEmpty() && !channel.equals("none")
        ? new AnnouncingWriter(writer, note, hint, System::nanoTime)
        : writer;
  }

  private void announceIfPossible(String name, String version) {
    missed.add(name);
    if (lost.compareTo(PATIENCE) >= 0) {
      return;
    }
    long begun = clock.getAsLong();
    try {
      writer.announce(name, version);
      missed.remove(name);
      return;
    } catch (SecretException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException | LinkageError e) { // a defect of the channel, or a missing jar
      failure = "Cannot announce the rotation: " + e.getClass().getName() + ".";
    }
    lost = lost.plusNanos(clock.getAsLong() - begun);
  }

  private void reportMissed() {
    String names = missed.stream().map(name -> "'" + name + "'").collect(joining(", "));
    String commands =
        missed.stream()
            .map(name -> hint.complete("secrets notify " + ShellWord.of(name)))
            .collect(joining(" && "));
    note.accept(
        failure
            + " The other processes learn of "
            + names
            + " by polling, within soft-age. To tell them sooner: "
            + commands);
  }

  private PutResult announced(String name, PutResult result) {
    announceIfPossible(name, result.version());
    return result;
  }

  @Override
  public SecretProvider provider() {
    return writer.provider();
  }

  @Override
  public PutResult put(String name, SecretValue value) {
    return announced(name, writer.put(name, value));
  }

  @Override
  public PutResult create(String name, SecretValue value) {
    return writer.create(name, value);
  }

  @Override
  public PutResult putIfVersion(String name, String version, SecretValue value) {
    return announced(name, writer.putIfVersion(name, version, value));
  }

  @Override
  public PutResult putPending(String name, SecretValue value) {
    return writer.putPending(name, value);
  }

  @Override
  public void promote(String name, String version) {
    writer.promote(name, version);
    announceIfPossible(name, version);
  }

  @Override
  public String rollback(String name) {
    String version = writer.rollback(name);
    announceIfPossible(name, version);
    return version;
  }

  @Override
  public void retire(String name, String version) {
    writer.retire(name, version);
  }

  @Override
  public void announce(String name, String version) {
    writer.announce(name, version);
  }

  @Override
  public void delete(String name) {
    writer.delete(name);
  }

  @Override
  public void restore(String name) {
    writer.restore(name);
  }

  @Override
  public void purge(String name) {
    writer.purge(name);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> ability) {
    return writer.unwrap(ability);
  }

  @Override
  public void close() {
    if (!missed.isEmpty()) {
      reportMissed();
      missed.clear();
    }
    writer.close();
  }
}
