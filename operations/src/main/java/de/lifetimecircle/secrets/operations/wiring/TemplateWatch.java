package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Keeps a rendered file current until its thread is interrupted. Used by one thread. */
public final class TemplateWatch {
  private final TemplateSecrets secrets;
  private final RenderedFile file;
  private final ReactionDelay timing;
  private final Consumer<String> note;

  /**
   * Prepares a watch.
   *
   * @param note takes a sentence for people about each change and each failure, without a value
   */
  public TemplateWatch(
      TemplateSecrets secrets, RenderedFile file, ReactionDelay timing, Consumer<String> note) {
    this.secrets = secrets;
    this.file = file;
    this.timing = timing;
    this.note = note;
  }

  /**
   * Renders the file at once, from the values that the provider holds, and then whenever a value
   * has changed. What fails is tried again: the file keeps its old content meanwhile. Blocks until
   * the thread is interrupted.
   */
  public void run(SecretProvider provider) throws InterruptedException {
    Semaphore changed = new Semaphore(0);
    try (ChangeWatch watch =
        new ChangeWatch(provider, secrets.stored(), timing, changed::release)) {
      // No event comes for a rotation that the provider took before the registration.
      update(provider, watch, () -> true);
      while (!Thread.interrupted()) {
        if (changed.tryAcquire(watch.remaining(), TimeUnit.NANOSECONDS)) {
          changed.drainPermits();
        }
        update(provider, watch, watch::takeDue);
      }
    }
    throw new InterruptedException("the watch of a template was interrupted");
  }

  private void update(SecretProvider provider, ChangeWatch watch, BooleanSupplier due) {
    try {
      if (due.getAsBoolean()) {
        RenderedFile.Outcome outcome = file.update(secrets.render(provider));
        watch.succeeded();
        if (outcome != RenderedFile.Outcome.UNCHANGED) {
          note.accept("the file is up to date again.");
        }
      }
    } catch (SecretException e) {
      watch.failed();
      note.accept(e.getMessage() + " The file keeps its content; this is tried again.");
    }
  }
}
