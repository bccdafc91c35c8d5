package de.lifetimecircle.secrets.cli.chaos;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that reads in every way there is. What it sees is judged at the end, when the ledger is
 * whole. Read its counts after its end.
 */
final class ChaosReader implements Runnable {
  /** The failures that a reader may get while nothing is held, or if it accepts no held answer. */
  private static final Set<Kind> TROUBLE =
      EnumSet.of(Kind.UNAVAILABLE, Kind.THROTTLED, Kind.TIMEOUT);

  /** How long value and list may be apart: a reader can come between the two. */
  private static final Duration APART = Duration.ofMillis(50);

  /** A number, and when it was asked for and seen for the first and the last time in a row. */
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

  private final ChaosRun run;
  private final SecretProvider provider;
  private final List<String> names;
  private final SplittableRandom random;
  private final Map<String, SecretHandle> handles = new TreeMap<>();
  final Map<String, List<Sight>> sights = new TreeMap<>();
  final List<Fresh> fresh = new ArrayList<>();
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
      long begun = System.nanoTime();
      int calls = 1;
      try {
        calls = read(name);
      } catch (SecretException e) {
        failures++;
        if (!TROUBLE.contains(e.kind())) {
          run.object(name + ": " + e.kind() + ": " + e.getMessage());
        }
      }
      long took = System.nanoTime() - begun;
      longest = Math.max(longest, took / calls);
      run.judgeWait(name, took, calls);
      LockSupport.parkNanos(random.nextInt(1_000_000));
    }
  }

  /** Reads in some way; returns the number of calls. */
  private int read(String name) {
    int way = random.nextInt(100);
    if (way < 2) {
      return exactly(name);
    }
    if (way < 20) {
      return compare(name);
    }
    SecretHandle handle = handles.get(name);
    long asked = System.nanoTime();
    see(name, way < 60 && handle != null ? handle.get() : provider.get(name), asked);
    return 1;
  }

  /** Two calls, since the list has to be as new. */
  private int exactly(String name) {
    long asked = System.nanoTime();
    Secret secret = provider.get(name, Duration.ZERO);
    int number = see(name, secret, asked);
    fresh.add(new Fresh(name, number, asked));
    return 2;
  }

  /** The list lies between the value before and the value after it. */
  private int compare(String name) {
    int before = see(name, provider.get(name), System.nanoTime());
    List<Secret> valid = provider.validVersions(name);
    int listed = valid.isEmpty() ? -1 : ChaosLedger.number(name, valid.get(0).asString());
    lists++;
    if (listed < before) {
      run.contradiction(name + ": the list has " + listed + " after the value " + before);
    }
    long until = System.nanoTime() + APART.toNanos();
    int after = see(name, provider.get(name), System.nanoTime());
    while (after < listed && System.nanoTime() - until < 0) {
      after = see(name, provider.get(name), System.nanoTime());
    }
    if (after < listed) {
      run.contradiction(name + ": the value is still " + after + " after the list had " + listed);
    }
    return 4;
  }

  private int see(String name, Secret secret, long asked) {
    long now = System.nanoTime();
    int number = ChaosLedger.number(name, secret.asString());
    answers++;
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
