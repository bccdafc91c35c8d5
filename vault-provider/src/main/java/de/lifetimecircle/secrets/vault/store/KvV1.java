package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine without versions. It keeps one value and nothing about it, so this library writes an
 * id beside the value, {@code FIELD-version}: the time in milliseconds and a random number. A value
 * that another program wrote without this field gets a version from this store, a new one whenever
 * the value changes ({@link SeenValues}). No operation reads and writes atomically. Safe for use by
 * several threads.
 */
final class KvV1 implements KvEngine {
  private static final Pattern VERSION = Pattern.compile("([0-9]{13})-[0-9a-f]{16}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String mount;
  private final InstantSource clock;
  private final Listing listing;
  private final MountCheck mountCheck;
  private final SeenValues seen = new SeenValues();

  KvV1(String mount, InstantSource clock) {
    this.mount = mount;
    this.clock = clock;
    this.listing = new Listing(mount + "/");
    this.mountCheck = new MountCheck(mount, "1");
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LIST, Capability.WRITE, Capability.DELETE, Capability.EMPTY_VALUE);
  }

  /** The fields of a secret; empty if there is none. */
  private Optional<Map<?, ?>> fields(Call call, String path) {
    Reply reply = call.read(mount + "/" + path);
    if (reply.status() == 404) {
      return Optional.empty();
    }
    Failures.requireDone(reply);
    return Optional.of(reply.data());
  }

  @Override
  public StoredSecret fetch(Call call, SecretLocation location) {
    Map<?, ?> content = fields(call, location.path()).orElseThrow(Failures::notFound);
    SecretValue value =
        location.fields().value(content).orElseThrow(() -> KvEngine.noField(location.fields()));
    String version = version(location, content, value);
    return new StoredSecret(value, version, created(version));
  }

  private String version(SecretLocation location, Map<?, ?> content, SecretValue value) {
    return location
        .fields()
        .version(content)
        .filter(text -> VERSION.matcher(text).matches())
        .orElseGet(() -> seen.version(location.path() + '#' + location.fields().field(), value));
  }

  private static Instant created(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches()
        ? Instant.ofEpochMilli(Long.parseLong(matcher.group(1)))
        : Instant.EPOCH;
  }

  private String newVersion() {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    long now = Math.max(1_000_000_000_000L, clock.instant().toEpochMilli());
    return now + "-" + HexFormat.of().formatHex(random);
  }

  /** The engine tells nothing of a secret but its value, so its name is looked up in its folder. */
  @Override
  public Map<String, String> describe(Call call, SecretLocation location) {
    if (!listing.list(call, location.path()).contains(location.path())) {
      throw Failures.notFound();
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("path", mount + "/" + location.path());
    facts.put("field", location.fields().field());
    facts.put("versions", "none (KV version 1)");
    return facts;
  }

  @Override
  public List<String> list(Call call, String prefix) {
    return listing.list(call, prefix);
  }

  @Override
  public PutResult put(Call call, SecretLocation location, PutRequest request) {
    if (request.condition() != PutRequest.Condition.ALWAYS) {
      throw KvEngine.unsupported("compare-and-set");
    }
    Fields.requireSize(request.value());
    mountCheck.require(call);
    Map<?, ?> old = fields(call, location.path()).orElse(Map.of());
    Optional<SecretValue> value = old.isEmpty() ? Optional.empty() : location.fields().value(old);
    if (value.isPresent() && value.get().equals(request.value())) {
      return new PutResult(version(location, old, value.get()), PutResult.Outcome.UNCHANGED);
    }
    String version = newVersion();
    Map<String, Object> next = location.fields().with(old, request.value());
    location.fields().putVersion(next, version);
    Reply reply = call.write(mount + "/" + location.path(), next);
    Failures.requireDone(reply);
    return new PutResult(
        version, value.isPresent() ? PutResult.Outcome.UPDATED : PutResult.Outcome.CREATED);
  }

  @Override
  public void delete(Call call, String path) {
    if (fields(call, path).isEmpty()) {
      throw Failures.notFound();
    }
    Reply reply = call.delete(mount + "/" + path);
    Failures.requireDone(reply);
  }
}
