package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The switches that make a {@link KeyVaultServer} fail. All are off at first.
 *
 * <p>The faults of the vault hit only requests with a token. Every client sends its first request
 * without one, only to learn where to log in, so "the next three" are three requests that matter.
 *
 * <p>Safe for use by several threads.
 */
public final class KeyVaultFaults {
  /** The reply to a request that a fault hits; null means that the request never gets one. */
  record Strike(@Nullable KeyVaultReply reply) {}

  private record Series(Strike strike, int count) {}

  private static final String EVERY_NAME = "";

  private final Deque<Series> strikes = new ArrayDeque<>();
  private final Deque<Series> loginStrikes = new ArrayDeque<>();
  private final Map<String, Set<KeyVaultOperation>> denied = new TreeMap<>();
  private final List<Runnable> hanging = new ArrayList<>();
  private boolean loginsRejected;
  private boolean emptyPages;

  KeyVaultFaults() {}

  /** Takes a right away, on every name. */
  public synchronized void deny(KeyVaultOperation operation) {
    deny(EVERY_NAME, operation);
  }

  /** Takes a right away on one name of the vault. */
  public synchronized void deny(String name, KeyVaultOperation operation) {
    denied
        .computeIfAbsent(
            name.toLowerCase(Locale.ROOT), any -> EnumSet.noneOf(KeyVaultOperation.class))
        .add(operation);
  }

  /** Gives all rights back. */
  public synchronized void allowAll() {
    denied.clear();
  }

  /** Answers the next requests with 429 and {@code Retry-After} in whole seconds, rounded up. */
  public synchronized void throttleNext(int count, Duration retryAfter) {
    strikes.add(new Series(new Strike(KeyVaultReply.throttled(retryAfter)), count));
  }

  /** Answers the next requests with 429 that names no time, as recorded answers do. */
  public synchronized void throttleNext(int count) {
    strikes.add(new Series(new Strike(KeyVaultReply.throttled(null)), count));
  }

  /** Answers the next requests with this status, from 500 on. */
  public synchronized void failNext(int count, int status) {
    strikes.add(new Series(new Strike(failure(status)), count));
  }

  private static KeyVaultReply failure(int status) {
    String message = "The service is temporarily unavailable. Please retry later.";
    return KeyVaultReply.json(status, KeyVaultReply.error("ServiceUnavailable", message, null));
  }

  /** Never answers the next requests; their connections stay open until {@link #clear}. */
  public synchronized void hangNext(int count) {
    strikes.add(new Series(new Strike(null), count));
  }

  /** Begins every list with a page that is empty and has a successor, as the service may do. */
  public synchronized void startListsWithAnEmptyPage() {
    emptyPages = true;
  }

  /** Refuses every login as if the client's secret were wrong. */
  public synchronized void rejectLogins() {
    loginsRejected = true;
  }

  /** Answers the next logins with this status, from 500 on. */
  public synchronized void failNextLogins(int count, int status) {
    loginStrikes.add(new Series(new Strike(failure(status)), count));
  }

  /** Turns all switches off and cuts hanging connections. */
  public synchronized void clear() {
    strikes.clear();
    loginStrikes.clear();
    denied.clear();
    loginsRejected = false;
    emptyPages = false;
    hanging.forEach(Runnable::run);
    hanging.clear();
  }

  /** Keeps the action that cuts a request without an answer. */
  synchronized void hold(Runnable cut) {
    hanging.add(cut);
  }

  synchronized boolean denies(String name, KeyVaultOperation operation) {
    return denied.getOrDefault(EVERY_NAME, Set.of()).contains(operation)
        || denied.getOrDefault(name.toLowerCase(Locale.ROOT), Set.of()).contains(operation);
  }

  synchronized boolean rejectsLogins() {
    return loginsRejected;
  }

  synchronized boolean hasEmptyPages() {
    return emptyPages;
  }

  synchronized Optional<Strike> nextStrike() {
    return next(strikes);
  }

  synchronized Optional<Strike> nextLoginStrike() {
    return next(loginStrikes);
  }

  private static Optional<Strike> next(Deque<Series> from) {
    Series series = from.poll();
    if (series == null) {
      return Optional.empty();
    }
    if (series.count() > 1) {
      from.addFirst(new Series(series.strike(), series.count() - 1));
    }
    return Optional.of(series.strike());
  }
}
