package de.lifetimecircle.secrets.azure.store;

import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.NameEscape;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.form.VersionOrder;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a vault under our names: the stored form, the check of whose version it is, and what a
 * miss means. Safe for use by several threads.
 */
record Reads(Settings config, Client client) {
  private static final Pattern VERSION = Pattern.compile("[0-9a-fA-F]{32}");

  /** {@code String.compareTo} puts the characters beyond 16 bits before some that are not. */
  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  /** The current version. */
  KeyVaultSecret current(String name) {
    String stored = config.naming().stored(name);
    try {
      KeyVaultSecret secret = client.get(stored);
      requireOwner(name, secret.getProperties());
      return secret;
    } catch (StoreFailure e) {
      throw e.kind() == Kind.NOT_FOUND ? missing(name, stored, e) : e;
    }
  }

  /** One version. */
  KeyVaultSecret version(String name, String version) {
    String stored = config.naming().stored(name);
    if (VERSION.matcher(version).matches()) {
      try {
        KeyVaultSecret secret = client.get(stored, version);
        requireOwner(name, secret.getProperties());
        return secret;
      } catch (StoreFailure e) {
        if (e.kind() != Kind.NOT_FOUND) {
          throw e.kind() == Kind.DISABLED ? disabledVersion() : e;
        }
      }
    }
    requireThere(name);
    throw StoreFailure.of(
        Kind.VERSION_NOT_FOUND, "the secret has no such version", "List its versions");
  }

  private static StoreFailure disabledVersion() {
    return StoreFailure.of(
        Kind.DISABLED, "that version is disabled", "Enable it in the vault, or use another");
  }

  /** The service says the same of a missing name and a missing version. */
  private void requireThere(String name) {
    try {
      var unused = current(name);
    } catch (StoreFailure e) {
      if (e.kind() != Kind.DISABLED) {
        throw e;
      }
    }
  }

  /** Facts of all versions, newest first. */
  List<SecretProperties> versions(String name) {
    String stored = config.naming().stored(name);
    List<SecretProperties> versions = listed(name, stored);
    if (versions.isEmpty()) {
      throw missing(name, stored, Failures.notFound());
    }
    requireOwner(name, versions.get(0));
    return VersionOrder.sorted(versions, () -> served(name, stored));
  }

  private List<SecretProperties> listed(String name, String stored) {
    try {
      return client.versions(stored);
    } catch (StoreFailure e) {
      throw e.kind() == Kind.NOT_FOUND ? missing(name, stored, e) : e;
    }
  }

  /**
   * Disables a version, and every older one that is enabled still, so that none is previous; the
   * newest stays as it is.
   */
  void disable(String name, String version) {
    List<SecretProperties> newestFirst = versions(name);
    int at = 0;
    while (at < newestFirst.size() && !version.equals(newestFirst.get(at).getVersion())) {
      at++;
    }
    if (at == newestFirst.size()) {
      throw StoreFailure.of(
          Kind.VERSION_NOT_FOUND, "the secret has no such version", "List its versions");
    }
    if (at == 0) {
      throw StoreFailure.of(Kind.CONFLICT, "it is the current version", "Put a new value first");
    }
    for (SecretProperties old : newestFirst.subList(at, newestFirst.size())) {
      if (VersionOrder.isEnabled(old)) {
        client.disable(old);
      }
    }
  }

  private Optional<String> served(String name, String stored) {
    try {
      return Optional.of(client.get(stored).getProperties().getVersion());
    } catch (StoreFailure e) {
      if (e.kind() == Kind.DISABLED || e.kind() == Kind.ACCESS_DENIED) {
        return Optional.empty();
      }
      throw e.kind() == Kind.NOT_FOUND ? missing(name, stored, e) : e;
    }
  }

  /**
   * Says what a miss means. The service gives the same answer for a deleted name, so the name is
   * looked up among the deleted ones. If that is not allowed, the name stays a missing one.
   */
  StoreFailure missing(String name, String stored, StoreFailure miss) {
    StoreFailure meant = deletedOr(stored, miss);
    return meant == miss && isMadeByHand(name, stored) ? unmapped(name, stored) : meant;
  }

  /** A secret that people made has their name, and not the one that our escape gives it. */
  private boolean isMadeByHand(String name, String stored) {
    if (config.naming() == Naming.PLAIN || name.equals(stored) || !Naming.isLegal(name)) {
      return false;
    }
    try {
      var unused = client.get(name);
      return true;
    } catch (StoreFailure e) {
      // Whatever else it is, the name that was asked for is a missing one.
      return e.kind() == Kind.DISABLED;
    }
  }

  private static StoreFailure unmapped(String name, String stored) {
    return StoreFailure.of(
        Kind.NOT_FOUND,
        "azure.names=mapped looks for '"
            + stored
            + "', and the vault has a secret '"
            + name
            + "' that was made without this library",
        "Set azure.names=plain to use the names as the vault has them");
  }

  /** The same failure, or that the name is deleted: not every answer says so itself. */
  StoreFailure deletedOr(String stored, StoreFailure miss) {
    try {
      var unused = client.deleted(stored);
      return StoreFailure.of(
          Kind.PENDING_DELETION,
          "it is deleted and can still be restored",
          "Restore it, or purge it and put it again");
    } catch (StoreFailure e) {
      return switch (e.kind()) {
        case NOT_FOUND, ACCESS_DENIED -> miss;
        case DISABLED ->
            StoreFailure.of(
                Kind.PENDING_DELETION,
                "it is deleted and disabled, and can still be restored",
                "Restore it and enable it in the vault, or purge it and put it again");
        default -> e;
      };
    }
  }

  void requireOwner(String name, SecretProperties facts) {
    requireOwner(name, facts.getName(), facts.getTags());
  }

  /**
   * Rejects a secret that was written under another name, or that matches only because the service
   * ignores case.
   *
   * @param stored the vault's name for it
   * @param tags its tags
   */
  void requireOwner(String name, String stored, @Nullable Map<String, String> tags) {
    Optional<String> owner = Tags.name(tags);
    if (owner.isPresent() && !owner.get().equals(name)) {
      throw config.naming() == Naming.PLAIN && owner.get().equalsIgnoreCase(name)
          ? twin()
          : stranger();
    }
    if (owner.isEmpty() && !config.naming().stored(name).equals(stored)) {
      throw twin();
    }
  }

  private static StoreFailure twin() {
    return NameEscape.bad("the vault has the name with other capital letters, and ignores case");
  }

  private static StoreFailure stranger() {
    return StoreFailure.of(
        Kind.CORRUPT,
        "its tag " + Tags.NAME + " says that it was written under another name",
        "Check azure.names and who writes to the vault, then put it again or correct the tag");
  }

  /** Our names with the prefix, sorted by code point. */
  List<String> names(String prefix, ListProgress progress) {
    List<String> names = new ArrayList<>();
    for (SecretProperties facts : client.secrets(progress)) {
      nameOf(facts).filter(name -> name.startsWith(prefix)).ifPresent(names::add);
    }
    names.sort(BY_CODE_POINT);
    return names;
  }

  private Optional<String> nameOf(SecretProperties facts) {
    return config
        .naming()
        .name(facts.getName())
        .filter(name -> Tags.name(facts.getTags()).orElse(name).equals(name));
  }

  /** How many secrets the first page has, and how many of them are not ours. */
  int[] firstPage() {
    List<SecretProperties> first = client.firstSecrets();
    long foreign = first.stream().filter(facts -> nameOf(facts).isEmpty()).count();
    return new int[] {first.size(), (int) foreign};
  }
}
