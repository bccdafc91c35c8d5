package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks values and names against limits that a backend enforces only on writing, so that a
 * migration knows them before. Names that a backend always rejects are not its concern. Immutable.
 */
record BackendLimits(String scheme, boolean portable) {
  /** The size that every writer accepts unless {@code limits=backend}. */
  private static final int PORTABLE = 25_600;

  /** The size of a text; see docs/backends.md. */
  private static final Map<String, Integer> LARGEST =
      Map.of("aws", 65_536, "azure", 25_600, "vault", 716_800, "gpg", 1_048_576);

  /** Ends as Secrets Manager's ARNs do. */
  private static final Pattern LIKE_AN_ARN = Pattern.compile(".*-[A-Za-z0-9]{6}");

  static BackendLimits of(SecretProvider provider) {
    return new BackendLimits(
        StoreSettings.backend(provider),
        !StoreSettings.value(provider, "limits").equals("backend"));
  }

  /** Returns the problem of a value, in words that do not reveal its size; empty if it fits. */
  @Nullable String problem(SecretValue value) {
    if (value.isEmpty() && (portable || scheme.equals("aws"))) {
      return "a version is empty, which the target does not keep";
    }
    int most = portable ? PORTABLE : LARGEST.getOrDefault(scheme, Integer.MAX_VALUE);
    if (stored(value) > most) {
      return "a version is larger than the target accepts"
          + (portable ? "; limits=backend in its configuration accepts what the backend does" : "");
    }
    return null;
  }

  /**
   * Returns the stored size: backends for text store other bytes as Base64, which is a third
   * longer.
   */
  private long stored(SecretValue value) {
    boolean textOnly = !portable && (scheme.equals("azure") || scheme.equals("vault"));
    return textOnly && !isText(value) ? (value.size() + 2L) / 3 * 4 : value.size();
  }

  private static boolean isText(SecretValue value) {
    try {
      value.asString();
      return true;
    } catch (SecretException e) {
      return false;
    }
  }

  /** Returns whether a name is one that AWS advises against, though it takes it. */
  boolean isLikeAnArn(String name) {
    return scheme.equals("aws") && LIKE_AN_ARN.matcher(name).matches();
  }

  /** Returns whether two names cannot both exist because they differ only in case. */
  boolean ignoresCase() {
    return scheme.equals("gpg");
  }
}
