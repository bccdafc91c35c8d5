package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The steps that a {@link FakeStore} is set to take, and the calls that it received. */
final class FakeScript {
  // Lock: this. Guards every field and is never held while a step's own code runs; a hanging call
  // waits on it, which gives it up. A hang ends when epoch changes: release() and recover() raise
  // it, so a call that begins to hang later is not let go by an earlier release.
  private record Call(FakeStore.Op op, String name) {}

  private final Map<Call, Deque<FakeStep>> next = new HashMap<>();
  private final Map<Call, FakeStep> always = new HashMap<>();
  private final Map<Call, Integer> counts = new HashMap<>();
  private @Nullable FakeStep outage;
  private int hanging;
  private long epoch;

  synchronized void next(FakeStore.Op op, String name, FakeStep... steps) {
    next.computeIfAbsent(new Call(op, name), c -> new ArrayDeque<>()).addAll(List.of(steps));
  }

  synchronized void always(FakeStore.Op op, String name, FakeStep step) {
    always.put(new Call(op, name), step);
  }

  synchronized void outage(FakeStep step) {
    outage = step;
  }

  synchronized void recover() {
    next.clear();
    always.clear();
    outage = null;
    release();
  }

  synchronized void release() {
    epoch++;
    notifyAll();
  }

  synchronized void wake() {
    notifyAll();
  }

  synchronized int hanging() {
    return hanging;
  }

  synchronized int calls() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized int calls(FakeStore.Op op) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().op() == op)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  synchronized int calls(FakeStore.Op op, String name) {
    return counts.getOrDefault(new Call(op, name), 0);
  }

  /** Counts the call and takes the steps set for it; returns a value if one of them answers. */
  FakeStep.@Nullable Value enter(FakeStore.Op op, String name, BooleanSupplier closed) {
    FakeStep step = take(new Call(op, name));
    if (step instanceof FakeStep.Value value) {
      return value;
    } else if (step instanceof FakeStep.FailKind failure) {
      throw MemoryBackend.failure(failure.kind(), op + " secret", name).build();
    } else if (step instanceof FakeStep.Fail failure) {
      throw failure.exception();
    } else if (step instanceof FakeStep.Broken broken) {
      throw broken.exception();
    } else if (step instanceof FakeStep.Run run) {
      run.code().run();
      stopIfInterrupted(op, name);
    } else if (step instanceof FakeStep.Hang) {
      hang(op, name, closed);
    }
    return null;
  }

  private synchronized @Nullable FakeStep take(Call call) {
    counts.merge(call, 1, Integer::sum);
    Deque<FakeStep> steps = next.get(call);
    FakeStep step = steps == null ? null : steps.poll();
    if (step == null) {
      step = always.get(call);
    }
    return step == null ? outage : step;
  }

  private synchronized void hang(FakeStore.Op op, String name, BooleanSupplier closed) {
    long began = epoch;
    hanging++;
    try {
      while (epoch == began && !closed.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(op, name);
    } finally {
      hanging--;
    }
  }

  private static void stopIfInterrupted(FakeStore.Op op, String name) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(op, name);
    }
  }

  private static SecretException interrupted(FakeStore.Op op, String name) {
    Thread.currentThread().interrupt();
    return MemoryBackend.failure(Kind.INTERRUPTED, op + " secret", name).build();
  }
}
