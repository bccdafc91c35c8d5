package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend that numbers every version and remembers every text that it ever held. Its answers
 * linger before and after the moment that they are true for, which is where a cache can go wrong.
 * Safe for use by several threads; no lock.
 */
final class LedgerStore extends BareStore implements BatchStore, WritableStore {
  private record Version(int number, String text) {}

  private final AtomicInteger last = new AtomicInteger();
  private final ConcurrentMap<String, Version> current = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, String> ledger = new ConcurrentHashMap<>();
  private final int lingerMicros;

  /** One whose calls take up to twice that long. */
  LedgerStore(int lingerMicros) {
    this.lingerMicros = lingerMicros;
  }

  /** Takes a text at once, as if another writer had put it; returns its number. */
  int rotate(String name, String text) {
    return current
        .compute(
            name,
            (n, before) -> {
              Version version = new Version(last.incrementAndGet(), text);
              ledger.put(version.number(), text);
              return version;
            })
        .number();
  }

  /** The text that a version had; empty if there was no such version. */
  String text(int version) {
    return ledger.getOrDefault(version, "");
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.WRITE, Capability.BATCH);
  }

  @Override
  public StoredSecret fetch(String name) {
    linger();
    StoredSecret answer = answer(name);
    linger();
    return answer;
  }

  @Override
  public Map<String, Answer> fetchAll(Collection<String> names) {
    Map<String, Answer> answers = new HashMap<>();
    linger();
    names.forEach(name -> answers.put(name, Answer.of(answer(name))));
    linger();
    return answers;
  }

  private StoredSecret answer(String name) {
    Version version = current.get(name);
    if (version == null) {
      throw SecretException.of(SecretException.Kind.NOT_FOUND, "fetch secret").name(name).build();
    }
    // Each version is a second younger than the one before, as far as anybody can tell.
    return new StoredSecret(
        SecretValue.of(version.text()),
        String.valueOf(version.number()),
        Instant.ofEpochSecond(version.number()));
  }

  @Override
  public PutResult put(PutRequest request) {
    linger();
    int number = rotate(request.name(), request.value().asString());
    linger();
    return new PutResult(String.valueOf(number), PutResult.Outcome.UPDATED);
  }

  /** Refuses: to the cache, a write whose end is unknown. */
  @Override
  public void promote(String name, String version) {
    linger();
    throw SecretException.of(SecretException.Kind.VERSION_NOT_FOUND, "promote").name(name).build();
  }

  private void linger() {
    int micros = ThreadLocalRandom.current().nextInt(lingerMicros + 1);
    if (micros > 20) {
      LockSupport.parkNanos(micros * 1_000L);
    } else {
      long until = System.nanoTime() + micros * 1_000L;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }
  }
}
