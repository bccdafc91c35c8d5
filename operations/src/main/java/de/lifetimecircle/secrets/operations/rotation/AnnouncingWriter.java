package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A writer that announces each new current version through the channel of the setting {@code push}.
 * An announcement that fails stops nothing, because every process polls as well: it is reported
 * once, and no other is tried, so that a dead channel costs one time limit. Used by one thread.
 */
public final class AnnouncingWriter implements SecretWriter {
  private final SecretWriter writer;
  private final Consumer<String> note;
  private final List<String> repeated;
  private boolean failed;

  private AnnouncingWriter(SecretWriter writer, Consumer<String> note, List<String> repeated) {
    this.writer = writer;
    this.note = note;
    this.repeated = repeated;
  }

  /**
   * Returns a writer that announces; the writer itself if no channel is configured.
   *
   * @param note takes a sentence for people about an announcement that failed
   * @param repeated the options that lead to the same store, for the command in that sentence
   */
  public static SecretWriter of(SecretWriter writer, Consumer<String> note, List<String> repeated) {
    boolean hasChannel =
        writer.provider().settings().stream()
            .anyMatch(setting -> setting.key().equals("push") && !setting.value().equals("none"));
    return hasChannel ? new AnnouncingWriter(writer, note, repeated) : writer;
  }

  private void announceIfPossible(String name, String version) {
    if (failed) {
      return;
    }
    try {
      writer.announce(name, version);
    } catch (SecretException e) {
      failed(name, String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // a defect of the channel, or a missing jar
      failed(name, "Cannot announce the rotation: " + e.getClass().getName() + ".");
    }
  }

  private void failed(String name, String failure) {
    failed = true;
    note.accept(
        failure
            + " The other processes learn of '"
            + name
            + "' by polling, within soft-age. To tell them sooner: "
            + Inventory.withOptions("secrets notify " + ShellWord.of(name), repeated));
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
    writer.close();
  }
}
