package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.login.Session;
import de.lifetimecircle.secrets.vault.store.KvEngine.SecretLocation;
import de.lifetimecircle.secrets.vault.transport.Client;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store in a KV engine of HashiCorp Vault or OpenBao. Safe for use by several threads; connects
 * and logs in at the first call.
 */
public final class VaultStore
    implements VersionedStore, ListableStore, WritableStore, DeletableStore, RetiringStore {
  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  private final Settings config;
  private final Client driver;
  private final Session session;
  private final LeaseGuard leases;
  private final KvEngine engine;

  /** Makes the store. Calls no server. */
  public VaultStore(Settings config) {
    this.config = config;
    this.driver = new Client(config.server());
    this.session = new Session(driver, config.login(), config.server().timeout());
    this.leases = new LeaseGuard(driver, config.mount());
    this.engine =
        config.kvVersion() == 1
            ? new KvV1(config.mount(), config.clock())
            : new KvV2(config.mount(), config.clock());
  }

  private <T> T call(String action, String name, BiFunction<Call, SecretLocation, T> work) {
    return run(action, name, call -> work.apply(call, location(name)));
  }

  /** Does one call; every failure names the action, the secret and the reason. */
  private <T> T run(String action, @Nullable String name, Function<Call, T> work) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailure.interrupted();
      }
      if (session.isClosed()) {
        throw StoreFailure.closed();
      }
      return work.apply(new Call(driver, session, leases, Deadline.in(config.server().timeout())));
    } catch (SecretException e) {
      throw e;
    } catch (RuntimeException e) {
      StoreFailure failure = e instanceof StoreFailure known ? known : StoreFailure.unexpected(e);
      throw failure.toException(Failures.SCHEME, action, name);
    }
  }

  private SecretLocation location(String name) {
    Names.Place place = Names.place(name, config.separator());
    boolean isChosen = place.field().isPresent() || !config.field().isDefault();
    return new SecretLocation(
        place.path(), new Fields(place.field().orElse(config.field().name()), isChosen));
  }

  /** A whole secret: deleting one field of several would delete the others with it. */
  private String whole(String name) {
    Names.Place place = Names.place(name, config.separator());
    if (place.field().isPresent()) {
      throw StoreFailure.of(
          Kind.BAD_NAME,
          "it names one field, and only a whole secret can be deleted or brought back",
          "Name the secret, '" + place.path() + "'");
    }
    return place.path();
  }

  @Override
  public String scheme() {
    return Failures.SCHEME;
  }

  @Override
  public Set<Capability> capabilities() {
    return engine.capabilities();
  }

  @Override
  public Map<String, String> place() {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("address", config.server().address());
    config.server().namespace().ifPresent(namespace -> place.put("namespace", namespace));
    place.put("mount", config.mount());
    return place;
  }

  @Override
  public StoredSecret fetch(String name) {
    return call("fetch secret", name, engine::fetch);
  }

  @Override
  public StoredSecret fetchVersion(String name, String version) {
    return call(
        "fetch a version of secret",
        name,
        (call, location) -> engine.fetchVersion(call, location, version));
  }

  @Override
  public List<SecretVersion> versions(String name) {
    return call("list versions of secret", name, engine::versions);
  }

  @Override
  public List<String> list(String prefix) {
    return list(prefix, ListProgress.NONE);
  }

  @Override
  public List<String> list(String prefix, ListProgress progress) {
    return run(
        "list secrets",
        null,
        call ->
            engine.list(call.reporting(progress), prefix).stream().sorted(BY_CODE_POINT).toList());
  }

  @Override
  public PutResult put(PutRequest request) {
    return call(
        "put secret",
        request.name(),
        (call, location) -> {
          if (request.stage() == Stage.PENDING) {
            throw noStages();
          }
          return engine.put(call, location, request);
        });
  }

  @Override
  public void promote(String name, String version) {
    call(
        "promote a version of secret",
        name,
        (call, location) -> {
          throw noStages().advising(putAgain(name, version));
        });
  }

  private static String putAgain(String name, String version) {
    String quoted = "'" + name.replace("'", "'\\''") + "'";
    return "Put the old value again: secrets get "
        + quoted
        + " --version "
        + (version.matches("[0-9]{1,18}") ? version : "VERSION")
        + " | secrets put "
        + quoted
        + " --plain --stdin";
  }

  /** The newest version is current for every client of the server, so no version can be pending. */
  private static StoreFailure noStages() {
    return StoreFailure.of(
        Kind.UNSUPPORTED,
        "the server has no stages: the newest version is the current one",
        "Put the value that shall be served");
  }

  @Override
  public void delete(String name) {
    done("delete secret", name, engine::delete);
  }

  @Override
  public void retire(String name, String version) {
    done("retire a version of secret", name, (call, path) -> engine.retire(call, path, version));
  }

  @Override
  public void restore(String name) {
    done("restore secret", name, engine::restore);
  }

  @Override
  public void purge(String name) {
    done("purge secret", name, engine::purge);
  }

  /** Makes a change of a whole secret. */
  private void done(String action, String name, BiConsumer<Call, String> change) {
    run(
        action,
        name,
        call -> {
          change.accept(call, whole(name));
          return name;
        });
  }

  @Override
  public Map<String, String> describe(String name) {
    return call("describe secret", name, engine::describe);
  }

  @Override
  public Map<String, String> check() {
    return run("check the store", null, call -> new ServerCheck(config).run(call, session));
  }

  @Override
  public void close() {
    session.close();
    driver.close();
  }

  /** Shows where it is. */
  @Override
  public String toString() {
    return "VaultStore[" + config.server().address() + ", " + config.mount() + "]";
  }
}
