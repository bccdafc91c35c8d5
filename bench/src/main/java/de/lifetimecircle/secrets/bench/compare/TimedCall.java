package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.VersionSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A kind of read or write as services make it, with a client of its own, ready to be timed. The
 * operation may be used by several threads; a batch, a list and a read by version by one.
 *
 * @param id of the measurement
 * @param client closed with it
 * @param operation what is timed; whether it asked the backend
 */
record TimedCall(String id, BackendClient client, OpenLoop.Operation operation)
    implements AutoCloseable {
  /** Reads of names that are not held. */
  static TimedCall coldGet(ParticipantAccess subject) {
    List<String> names = BackendClient.names(BackendClient.ROUND);
    BackendClient client = BackendClient.cold(subject);
    return new TimedCall(
        "cold-get",
        client,
        turn ->
            client.provider().get(names.get(turn % names.size())).origin()
                == Secret.Origin.BACKEND);
  }

  /** Reads of so many names at once, none of them held. */
  static TimedCall batch(ParticipantAccess subject, int size) {
    List<String> all = BackendClient.names(BackendClient.HELD);
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from + size <= all.size(); from += size) {
      batches.add(all.subList(from, from + size));
    }
    BackendClient client = BackendClient.cold(subject);
    return new TimedCall(
        "batch-" + size,
        client,
        turn -> {
          Map<String, SecretResult> results =
              client.provider().getAll(batches.get(turn % batches.size()));
          results.values().forEach(result -> result.orElseThrow());
          return true;
        });
  }

  /** Writes of new versions of names that no reader reads, which are made by the first calls. */
  static TimedCall put(ParticipantAccess subject, String folder) {
    BackendClient client = BackendClient.caching(subject);
    return new TimedCall(
        "put",
        client,
        turn -> {
          var unused =
              client.put(
                  String.format(
                      Locale.ROOT, "put/%s/secret-%03d", folder, turn % BackendClient.ROUND));
          return true;
        });
  }

  /** Reads of the version before the current one, where there is one. */
  static TimedCall getByVersion(ParticipantAccess subject) {
    List<String> names = BackendClient.names(BackendClient.ROUND);
    BackendClient client = BackendClient.cold(subject);
    try {
      List<VersionSelector> older = new ArrayList<>();
      for (String name : names) {
        var versions = client.provider().versions(name);
        older.add(VersionSelector.id(versions.get(versions.size() > 1 ? 1 : 0).id()));
      }
      return new TimedCall(
          "get-by-version",
          client,
          turn -> {
            int i = turn % names.size();
            return client.provider().get(names.get(i), older.get(i)).origin()
                == Secret.Origin.BACKEND;
          });
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Lists of all names that every participant holds. */
  static TimedCall list(ParticipantAccess subject) {
    BackendClient client = BackendClient.caching(subject);
    return new TimedCall(
        "list", client, turn -> !client.provider().list(BackendClient.HELD_NAMES).isEmpty());
  }

  @Override
  public void close() {
    client.close();
  }
}
