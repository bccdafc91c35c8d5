package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.CallExecutor.CallMode;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one load of a key that all its readers wait for. Its call is made by a worker.
 *
 * <p>It is made inside the monitor of its slot and begun after that was left: an executor that a
 * service gave may run the call at once, and no monitor is held while a backend is asked. A thread
 * that leaves the monitor begins the current load, and a thread that gets a load to wait for begins
 * that one; only the first of them has an effect. So a load that a caller waits for is always
 * begun, and one that was overtaken before anybody waited never is.
 */
final class Load<T> extends CompletableFuture<T>
    implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private final Slot<T> slot;
  private final Function<CallMode, CallExecutor.Call<T>> load;
  private final CallMode mode;

  /** When it was made, which is before the backend is asked. */
  final Timestamp asked;

  /**
   * Whether a caller asked for it by a refresh, who may take any version; guarded by the monitor.
   */
  boolean isRefresh;

  private final long made = System.nanoTime();
  private final AtomicBoolean begun = new AtomicBoolean();

  /** The call of the backend; null until the load is begun. */
  private volatile CallExecutor.@Nullable Call<T> call;

  /** Whether a caller waits for this name alone. */
  private volatile boolean isUrgent;

  /** Set by the thread that begins the load, before the call is made. */
  private @Nullable Consumer<@Nullable SecretException> recording;

  // Of the one thread at a time to which the call delivers: it may deliver again after an error.
  private boolean isReported;
  private boolean hasLanded;
  private @Nullable T landed;
  private @Nullable SecretException error;
  private @Nullable PendingAnswer<T> newer;

  // Begun when this one has landed, each once for all who ask for it; guarded by the
  // monitor.
  private @Nullable CompletableFuture<T> following;
  private @Nullable CompletableFuture<T> nextRefresh;

  Load(
      Slot<T> slot, Function<CallMode, CallExecutor.Call<T>> load, CallMode mode, Timestamp asked) {
    this.slot = slot;
    this.load = load;
    this.mode = mode;
    this.asked = asked;
  }

  /** The same, as asked for by a refresh; called where it is made. */
  Load<T> asRefresh() {
    isRefresh = true;
    return this;
  }

  /**
   * Begins the load, unless it has begun; called outside of the monitor. If that fails, it has not
   * begun, and the next who comes does it.
   */
  void begin() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    CallExecutor.Call<T> prepared;
    boolean isPrepared = false;
    try {
      // A service's metrics, so outside the monitor.
      recording = slot.cache.parts.metrics().recording(slot.name, purpose());
      prepared = load.apply(mode);
      prepared.deliverTo(this);
      isPrepared = true;
    } finally {
      if (!isPrepared) {
        begun.set(false);
      }
    }
    call = prepared;
    prepared.attempt();
    if (isUrgent) { // a caller came before it was under way
      prepared.hurry();
    }
  }

  private Purpose purpose() {
    return mode == CallMode.BACKGROUND ? Purpose.REFRESH : Purpose.READ;
  }

  /** Lets the load wait for a thread no longer behind refreshes and readers of many names. */
  void hurry() {
    if (isUrgent) {
      return;
    }
    isUrgent = true;
    CallExecutor.Call<T> underWay = call; // asked after that: one of the two threads sees the other
    if (underWay != null) {
      underWay.hurry();
    }
  }

  /**
   * Returns the load's answer; if the load fails, the answer that the slot serves by then, if any.
   */
  CompletableFuture<T> orServed() {
    return handle(
        (value, thrown) -> {
          T served = value != null ? value : slot.served;
          if (served == null) {
            throw CallExecutor.failure(thrown);
          }
          return served;
        });
  }

  /** The load after this one, for those this one is too old for. */
  CompletableFuture<T> following() {
    if (following == null) {
      following = handle((value, thrown) -> null).thenCompose(landed -> slot.follow().future());
    }
    return following;
  }

  /** The refresh after this one, for those who asked since it began. */
  CompletableFuture<T> nextRefresh() {
    if (nextRefresh == null) {
      nextRefresh =
          handle((value, thrown) -> null).thenCompose(landed -> slot.refreshNext().future());
    }
    return nextRefresh;
  }

  /** Answers with the newer result if there is one, else with the value, else with the failure. */
  private void answer(
      @Nullable CompletableFuture<T> newer, @Nullable T value, @Nullable SecretException error) {
    if (newer != null) {
      CompletableFuture<T> unused =
          newer.whenComplete((v, failed) -> answer(null, v != null ? v : value, error));
    } else if (value != null) {
      complete(value);
    } else {
      completeExceptionally(CallExecutor.failure(error));
    }
  }

  /**
   * The call has its result: the load lands. A value that cannot be published is a failed load, and
   * its readers get what was wrong. If that fails as well, as without memory, the call delivers its
   * result again. A load that has landed does not land again, since a newer one may have meanwhile.
   */
  @Override
  public void accept(@Nullable T value, @Nullable Throwable thrown) {
    SecretException failure = value != null ? null : CallExecutor.failure(thrown);
    report(failure);
    if (!hasLanded) {
      land(value, failure);
      hasLanded = true;
    }
    try {
      slot.announce();
    } finally { // the sweep announces what is left
      answer(newer == null ? null : newer.future(), landed, error);
    }
  }

  private void land(@Nullable T value, @Nullable SecretException failure) {
    try {
      newer = slot.land(this, value, failure);
      landed = value;
      error = failure;
    } catch (Throwable defect) {
      error = CallExecutor.failure(defect);
      newer = slot.land(this, null, error);
    }
  }

  /** Counts the end of the load, once. */
  private void report(@Nullable SecretException error) {
    if (!isReported) {
      isReported = true;
      if (recording != null) {
        recording.accept(error);
      }
      slot.cache.parts.metrics().loaded(slot.name, purpose(), made, error);
    }
  }
}
