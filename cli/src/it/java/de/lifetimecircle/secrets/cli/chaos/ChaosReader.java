package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A thread that reads in every way there is, and notes what it sees. {@link ChaosJudge} judges it
 * at the end, when the ledger is whole and all delays of the machine are known. Read the notes
 * after its end.
 */
final class ChaosReader implements Runnable {
  /** The failures that a reader may get while nothing is held, or if it accepts no held answer. */
  private static final Set<Kind> TROUBLE =
      EnumSet.of(Kind.UNAVAILABLE, Kind.THROTTLED, Kind.TIMEOUT);

  /** How long a reader waits for a value that is as new as the list. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A number, and when it was seen first and asked for last, in a row. */
  static final class Sight {
    final int number;
    final long firstSeen;
    long lastAsked;

    Sight(int number, long firstSeen, long lastAsked) {
      this.number = number;
      this.firstSeen = firstSeen;
      this.lastAsked = lastAsked;
    }
  }

  /** An answer of a reader that accepts no age. */
  record Fresh(String name, int number, long asked) {}

  /** Something that took from one moment to another. */
  record Span(String name, long from, long to) {}

  private final ChaosRun run;
  private final SecretProvider provider;
  private final List<String> names;
  private final SplittableRandom random;
  private final Map<String, SecretHandle> handles = new TreeMap<>();

  /** When an answer that was neither stale nor old was asked for last. */
  private final Map<String, Long> confirmed = new HashMap<>();

  final Map<String, List<Sight>> sights = new TreeMap<>();
  final List<Fresh> fresh = new ArrayList<>();

  /** Calls, those alone that took longer than the deadline. */
  final List<Span> waits = new ArrayList<>();

  /** From a list to a value that is as new. */
  final List<Span> apart = new ArrayList<>();

  /** From an answer within its age to a read that failed. */
  final List<Span> refusals = new ArrayList<>();

  long answers;
  long failures;
  long lists;
  long longest;

  ChaosReader(ChaosRun run, SecretProvider provider, List<String> names, long seed) {
    this.run = run;
    this.provider = provider;
    this.names = names;
    this.random = new SplittableRandom(seed);
    handles.put(names.get(0), provider.handle(names.get(0)));
    names.forEach(name -> sights.put(name, new ArrayList<>()));
  }

  @Override
  public void run() {
    while (run.goesOn()) {
      String name = names.get(random.nextInt(names.size()));
      try {
        read(name);
      } catch (SecretException e) {
        failures++;
        if (!TROUBLE.contains(e.kind())) {
          run.object(name + ": " + e.kind() + ": " + e.getMessage());
        }
      }
      LockSupport.parkNanos(random.nextInt(1_000_000));
    }
  }

  private void read(String name) {
    int way = random.nextInt(100);
    if (way < 2) {
      long asked = System.nanoTime();
      // Two calls at most, since the list has to be as new.
      Secret secret = timed(name, 2, () -> provider.get(name, Duration.ZERO));
      fresh.add(new Fresh(name, see(secret, asked), asked));
    } else if (way < 20) {
      compare(name);
    } else {
      SecretHandle handle = way < 60 ? handles.get(name) : null;
      plain(name, handle != null ? handle::get : () -> provider.get(name));
    }
  }

  /** A read that any held answer satisfies. */
  private int plain(String name, Supplier<Secret> read) {
    long asked = System.nanoTime();
    try {
      return see(timed(name, 1, read), asked);
    } catch (SecretException e) {
      refusals.add(new Span(name, confirmed.getOrDefault(name, Long.MIN_VALUE), asked));
      throw e;
    }
  }

  private <T> T timed(String name, int calls, Supplier<T> read) {
    long begun = System.nanoTime();
    try {
      return read.get();
    } finally {
      long ended = System.nanoTime();
      longest = Math.max(longest, ended - begun);
      if (ended - begun > calls * ChaosRun.TIMEOUT.toNanos()) {
        waits.add(new Span(name, begun + (calls - 1) * ChaosRun.TIMEOUT.toNanos(), ended));
      }
    }
  }

  /** The list lies between the value before and the value after it. */
  private void compare(String name) {
    int before = plain(name, () -> provider.get(name));
    List<Secret> valid = timed(name, 1, () -> provider.validVersions(name));
    int listed = valid.isEmpty() ? -1 : ChaosLedger.number(name, valid.get(0).asString());
    lists++;
    if (listed < before) {
      run.contradiction(name + ": the list has " + listed + " after the value " + before);
    }
    long from = System.nanoTime();
    int after = plain(name, () -> provider.get(name));
    while (after < listed && System.nanoTime() - from < PATIENCE.toNanos()) {
      after = plain(name, () -> provider.get(name));
    }
    if (after < listed) {
      run.contradiction(name + ": the value is still " + after + " after the list had " + listed);
    }
    apart.add(new Span(name, from, System.nanoTime()));
  }

  private int see(Secret secret, long asked) {
    long now = System.nanoTime();
    String name = secret.name();
    int number = ChaosLedger.number(name, secret.asString());
    answers++;
    if (secret.origin() != Secret.Origin.STALE) {
      confirmed.put(name, asked);
    }
    List<Sight> ofName = sights.get(name);
    Sight last = ofName.isEmpty() ? null : ofName.get(ofName.size() - 1);
    if (number < 0) {
      run.object(name + ": a value that is not its own");
    } else if (last != null && last.number == number) {
      last.lastAsked = asked;
    } else {
      if (last != null && number < last.number) {
        run.backwards(name + ": " + number + " after " + last.number);
      }
      ofName.add(new Sight(number, now, asked));
    }
    return number;
  }
}
