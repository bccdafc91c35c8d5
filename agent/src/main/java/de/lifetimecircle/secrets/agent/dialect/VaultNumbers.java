package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Versions as the whole numbers that clients of KV v2 expect: at least 1, at most nine digits,
 * which fits into the 32 bits that some clients have for them. See docs/adr/0048.
 *
 * <ul>
 *   <li>an id that is a number stays that number: {@code 7} of Vault, {@code 00000007} of the gpg
 *       store;
 *   <li>any other version is named by the second in which the backend made it, counted from 2014;
 *   <li>where the backend knows neither, by a digest of its id.
 * </ul>
 *
 * <p>The number depends on the version alone, so it is the same on every host, after every restart,
 * and whatever other versions are pruned. Two versions of one second share a number: it stands for
 * the current one, else for the newest, and the other has none. Stateless.
 */
final class VaultNumbers {
  /** Before the first version of any backend; nine digits last until 2045. */
  static final Instant FIRST = Instant.parse("2014-01-01T00:00:00Z");

  private static final long MOST = 999_999_999;
  private static final Pattern NUMBER = Pattern.compile("0*([1-9][0-9]{0,8})");

  private VaultNumbers() {}

  /**
   * Returns the number of a version.
   *
   * @param created when the backend made it, if it says so
   */
  static long of(String id, Optional<Instant> created) {
    var number = NUMBER.matcher(id);
    if (number.matches()) {
      return Long.parseLong(number.group(1));
    }
    return created
        .filter(FIRST::isBefore)
        .map(at -> Math.min(Math.max(Duration.between(FIRST, at).toSeconds(), 1), MOST))
        .orElseGet(() -> 1 + digest(id));
  }

  /** Returns 29 bits of the SHA-256 of an id. */
  private static long digest(String id) {
    return Long.parseLong(AccessRules.digest(id).substring(0, 8), 16) & 0x1fff_ffffL;
  }

  /**
   * Returns the versions by number, the current one first, then from new to old. A version that is
   * only pending is left out: KV v2 knows no such stage, and its clients would take it for the
   * previous one.
   *
   * @param newestFirst the versions of one name
   */
  static Map<Long, SecretVersion> byNumber(Collection<SecretVersion> newestFirst) {
    List<SecretVersion> ordered = new ArrayList<>(newestFirst.size());
    newestFirst.stream().filter(VaultNumbers::isCurrent).forEach(ordered::add);
    newestFirst.stream()
        .filter(version -> !isCurrent(version) && !version.stages().contains(Stage.PENDING))
        .forEach(ordered::add);
    Map<Long, SecretVersion> versions = new LinkedHashMap<>();
    for (SecretVersion version : ordered) {
      versions.putIfAbsent(of(version.id(), Optional.of(version.created())), version);
    }
    return versions;
  }

  static boolean isCurrent(SecretVersion version) {
    return version.stages().contains(Stage.CURRENT);
  }
}
