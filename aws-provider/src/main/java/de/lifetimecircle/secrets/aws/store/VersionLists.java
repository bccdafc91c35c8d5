package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/**
 * The lists of versions that this store has read, so that the next one costs a single request: a
 * description, which every list needs anyway because AWS lists the versions of a deleted secret
 * too. A description with the same labels and the same time of the last change belongs to the same
 * list.
 *
 * <p>AWS does not count the removal of versions without a label as a change, so each list is read
 * again after an hour. Remembers ids and times, not values. Safe for use by several threads: every
 * method holds the monitor and does no I/O.
 */
public final class VersionLists {
  private static final int MOST = 512;
  private static final Duration LONGEST = Duration.ofHours(1);

  private final LongSupplier nanoTime;
  private final Map<String, Known> lists = new LinkedHashMap<>();

  /** A list, with what the description said before the list was read. */
  private record Known(
      String arn,
      Instant changed,
      Map<String, List<String>> labels,
      List<SecretVersion> versions,
      long nanos) {}

  public VersionLists(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The list that was read when the secret was as it is now; empty if it has to be read. */
  public synchronized Optional<List<SecretVersion>> unchanged(
      String name, DescribeSecretResponse now) {
    return Optional.ofNullable(lists.get(name))
        .filter(
            known ->
                known.arn().equals(now.arn())
                    && known.changed().equals(now.lastChangedDate())
                    && known.labels().equals(now.versionIdsToStages())
                    && nanoTime.getAsLong() - known.nanos() < LONGEST.toNanos())
        .map(Known::versions);
  }

  /**
   * Remembers a list.
   *
   * @param before the description from before it was read
   */
  public synchronized void remember(
      String name, DescribeSecretResponse before, List<SecretVersion> versions) {
    lists.remove(name);
    if (before.arn() != null && before.lastChangedDate() != null) {
      lists.put(
          name,
          new Known(
              before.arn(),
              before.lastChangedDate(),
              before.versionIdsToStages(),
              versions,
              nanoTime.getAsLong()));
    }
    if (lists.size() > MOST) {
      lists.remove(lists.keySet().iterator().next()); // the oldest
    }
  }

  /** This store changes the secret; servers that count time in seconds may show no change. */
  public synchronized void forget(String name) {
    lists.remove(name);
  }
}
