package de.lifetimecircle.secrets.azure.store;

import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.form.VersionOrder;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One write: reads the current state, writes the next version, and reads that version back. There
 * is no compare-and-set, so that another writer may come in between; both versions are kept then.
 * Used once, by one thread.
 */
record Writes(Settings config, Client client, Reads vault, Waiting waiting) {
  /**
   * The state before the write: nothing, or the current version, which is invisible if disabled.
   */
  private record Before(
      @Nullable KeyVaultSecret secret, @Nullable SecretProperties facts, long seq) {
    boolean has(SecretValue value) {
      if (secret == null) {
        return false;
      }
      String type = secret.getProperties().getContentType();
      try (SecretValue held = StoredValue.read(secret.getValue(), type)) {
        return held.equals(value);
      } catch (StoreFailure e) {
        // A value that cannot be read is replaced.
        return false;
      }
    }
  }

  PutResult put(PutRequest request) {
    String stored = config.naming().stored(request.name());
    StoredValue value = StoredValue.of(request.value());
    Before before = before(request.name(), stored);
    if (before.secret() != null && before.has(request.value())) {
      return new PutResult(before.secret().getProperties().getVersion(), Outcome.UNCHANGED);
    }
    KeyVaultSecret next = new KeyVaultSecret(stored, value.text());
    next.setProperties(facts(request.name(), value, before));
    String version = set(next);
    verify(stored, version, request.value());
    return new PutResult(version, before.facts() == null ? Outcome.CREATED : Outcome.UPDATED);
  }

  private Before before(String name, String stored) {
    try {
      KeyVaultSecret secret = client.get(stored);
      SecretProperties facts = secret.getProperties();
      vault.requireOwner(name, facts);
      long seq = Tags.sequence(facts.getTags());
      return new Before(secret, facts, seq > 0 ? seq : highestSequence(stored));
    } catch (StoreFailure e) {
      return switch (e.kind()) {
        case NOT_FOUND -> new Before(null, null, 0);
        case DISABLED -> hidden(name, stored);
        default -> throw e;
      };
    }
  }

  /**
   * The highest tag of all versions, for a current one that people made and that has none. A writer
   * without the right to list begins again at 1: times order the versions, and the tag decides only
   * between two of the same second.
   */
  private long highestSequence(String stored) {
    try {
      return VersionOrder.sequence(client.versions(stored));
    } catch (StoreFailure e) {
      if (e.kind() == Kind.ACCESS_DENIED) {
        return 0;
      }
      throw e;
    }
  }

  private Before hidden(String name, String stored) {
    List<SecretProperties> versions =
        VersionOrder.sorted(versionsBehindADisabledOne(stored), Optional::empty);
    if (versions.isEmpty()) {
      return new Before(null, null, 0);
    }
    vault.requireOwner(name, versions.get(0));
    return new Before(null, versions.get(0), VersionOrder.sequence(versions));
  }

  private List<SecretProperties> versionsBehindADisabledOne(String stored) {
    try {
      return client.versions(stored);
    } catch (StoreFailure e) {
      throw e.kind() == Kind.ACCESS_DENIED
          ? StoreFailure.of(
              Kind.ACCESS_DENIED,
              "its current version is disabled, and only a list of versions shows whose it is",
              "Grant list on the vault's secrets to this writer, or enable the version in the"
                  + " vault")
          : e;
    }
  }

  private SecretProperties facts(String name, StoredValue value, Before before) {
    SecretProperties facts = new SecretProperties().setEnabled(true);
    SecretProperties old = before.facts();
    Map<String, String> tags = old == null ? null : old.getTags();
    facts.setTags(Tags.next(tags, config.write().tags(), name, before.seq() + 1));
    String type = value.contentType();
    if (type == null) {
      type = config.write().contentType().orElse(kept(old));
    }
    facts.setContentType(type);
    config
        .write()
        .expiresAfter()
        .ifPresent(
            time ->
                facts.setExpiresOn(config.clock().instant().plus(time).atOffset(ZoneOffset.UTC)));
    return facts;
  }

  private static @Nullable String kept(@Nullable SecretProperties old) {
    String type = old == null ? null : old.getContentType();
    return StoredValue.isBinary(type) ? null : type;
  }

  /**
   * Writes a version. While a deletion or purge of the name is still running, the service refuses
   * the write, so this method repeats it.
   */
  private String set(KeyVaultSecret next) {
    AtomicReference<@Nullable String> made = new AtomicReference<>();
    try {
      waiting.untilTaken(() -> made.set(client.set(next).getProperties().getVersion()));
    } catch (StoreFailure e) {
      throw e.kind() == Kind.CONFLICT ? vault.deletedOr(next.getName(), e) : withUnknownOutcome(e);
    }
    return Objects.requireNonNull(made.get());
  }

  private static StoreFailure withUnknownOutcome(StoreFailure e) {
    boolean unknown =
        e.kind() == Kind.TIMEOUT || e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.INTERRUPTED;
    return unknown ? e.because(e.reason() + "; the write may have been done all the same") : e;
  }

  /** Reads the version back under the id that the write returned. */
  private void verify(String stored, String version, SecretValue written) {
    waiting.until(
        () -> isThere(stored, version, written),
        () ->
            Waiting.late(
                "the write was acknowledged as version " + version + " and cannot be read back"));
  }

  private boolean isThere(String stored, String version, SecretValue written) {
    try {
      KeyVaultSecret made = client.get(stored, version);
      String type = made.getProperties().getContentType();
      try (SecretValue read = StoredValue.read(made.getValue(), type)) {
        if (read.equals(written)) {
          return true;
        }
      }
    } catch (StoreFailure e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    throw StoreFailure.of(
        Kind.CORRUPT,
        "the version that was written has another value than was sent",
        "Check any proxy between this machine and the vault, then put it again");
  }
}
