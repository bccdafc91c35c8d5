package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.VersionSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes of one participant, at each distance: what one call takes. Used once, by one
 * thread.
 */
final class Calls {
  /** Everything of the client is compiled by then. */
  private static final int FIRST_WARM_UP_MILLIS = 1200;

  /** As many as the store's own pool of connections has at least. */
  private static final int CALLERS = 8;

  private static final int[] BATCHES = {1, 20, 100};

  private final Assignment work;
  private final Lab lab;
  private boolean warm;

  Calls(Assignment work, Lab lab) {
    this.work = work;
    this.lab = lab;
  }

  void go() {
    for (double trip : work.trips().keySet()) {
      Subject subject = work.at(trip);
      String place = trip == 0 ? "" : String.format(Locale.ROOT, " at %s ms", text(trip));
      lab.measure("cold-get" + place, () -> coldGet(subject).at(trip));
      lab.measure("cached-get" + place, () -> CachedGet.measure(subject, work).at(trip));
      for (int size : BATCHES) {
        lab.measure("batch-" + size + place, () -> batch(subject, size).at(trip));
      }
      lab.measure("put" + place, () -> put(subject, trip).at(trip));
      if (trip == 0) {
        lab.measure("get-by-version", () -> getByVersion(subject));
        lab.measure("list", () -> list(subject));
      }
    }
  }

  static String text(double trip) {
    return trip == Math.rint(trip) ? String.valueOf((long) trip) : String.valueOf(trip);
  }

  private long warmUpMillis() {
    long millis = warm ? work.slotMillis() / 4 : Math.max(FIRST_WARM_UP_MILLIS, work.slotMillis());
    warm = true;
    return millis;
  }

  private OpenLoop loop(int callers) {
    return new OpenLoop(work.slotMillis(), callers);
  }

  private Samples coldGet(Subject subject) throws Exception {
    List<String> names = Client.names(Client.ROUND);
    try (Client client = Client.cold(subject)) {
      return loop(CALLERS)
          .measure(
              Samples.of("cold-get", "ms"),
              warmUpMillis(),
              turn ->
                  client.provider().get(names.get(turn % names.size())).origin()
                      == Secret.Origin.BACKEND);
    }
  }

  private Samples batch(Subject subject, int size) throws Exception {
    List<String> all = Client.names(Client.HELD);
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from + size <= all.size(); from += size) {
      batches.add(all.subList(from, from + size));
    }
    try (Client client = Client.cold(subject)) {
      return loop(1)
          .measure(
              Samples.of("batch-" + size, "ms"),
              warmUpMillis(),
              turn -> {
                Map<String, SecretResult> results =
                    client.provider().getAll(batches.get(turn % batches.size()));
                results.values().forEach(result -> result.orElseThrow());
                return true;
              });
    }
  }

  /** Writes new versions of names that nobody reads, which are made while it warms up. */
  private Samples put(Subject subject, double trip) throws Exception {
    try (Client client = Client.caching(subject)) {
      return loop(CALLERS)
          .measure(
              Samples.of("put", "ms"),
              warmUpMillis(),
              turn -> {
                var unused = client.put(name(trip, turn));
                return true;
              });
    }
  }

  private String name(double trip, int turn) {
    return String.format(
        Locale.ROOT,
        "put/%d-%d/secret-%03d",
        work.round(),
        List.copyOf(work.trips().keySet()).indexOf(trip),
        turn % Client.ROUND);
  }

  private Samples getByVersion(Subject subject) throws Exception {
    List<String> names = Client.names(Client.ROUND);
    try (Client client = Client.cold(subject)) {
      List<VersionSelector> older = new ArrayList<>();
      for (String name : names) {
        var versions = client.provider().versions(name);
        older.add(VersionSelector.id(versions.get(versions.size() > 1 ? 1 : 0).id()));
      }
      return loop(1)
          .measure(
              Samples.of("get-by-version", "ms"),
              warmUpMillis(),
              turn -> {
                int i = turn % names.size();
                return client.provider().get(names.get(i), older.get(i)).origin()
                    == Secret.Origin.BACKEND;
              });
    }
  }

  private Samples list(Subject subject) throws Exception {
    try (Client client = Client.caching(subject)) {
      int[] found = new int[1];
      Samples samples =
          loop(1)
              .measure(
                  Samples.of("list", "ms"),
                  warmUpMillis(),
                  turn -> {
                    found[0] = client.provider().list("held/").size();
                    return true;
                  });
      if (found[0] < Client.HELD) {
        return samples.noted("only " + found[0] + " of " + Client.HELD + " names were listed");
      }
      return samples;
    }
  }
}
