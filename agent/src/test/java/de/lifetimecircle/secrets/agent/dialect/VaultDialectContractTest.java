package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reading half of the contract: the library's own Vault store reads from the agent, and what
 * the contract writes goes to the agent's backend directly, as somebody else's writes do. The
 * agent's cache keeps nothing here, since the contract is about stores. The backend's ids are no
 * numbers, and its clock steps a second for each version: two of one second share a number.
 */
final class VaultDialectContractTest extends SecretStoreContract {
  /** What the engine of version 2 can do. */
  private static final Set<Capability> DECLARED =
      Collections.unmodifiableSet(
          EnumSet.complementOf(
              EnumSet.of(
                  Capability.BATCH,
                  Capability.STAGES,
                  Capability.REPEATABLE_PUT,
                  Capability.DENIED_IS_NOT_MISSING,
                  Capability.READ_AFTER_WRITE)));

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private final AtomicLong second = new AtomicLong();
  private final FakeStore backend =
      FakeStore.with(DECLARED.toArray(Capability[]::new))
          .clock(() -> BEGIN.plusSeconds(second.incrementAndGet()));
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            backend,
            RunningAgent.Adjustments.NONE
                .provider(
                    builder ->
                        builder
                            .set("soft-age", "1ms")
                            .set("max-stale", "1ms")
                            .set("negative-age", "0s")
                            .set("limits", "backend"))
                .limits(ServerLimits.STANDARD)
                .held(Duration.ZERO));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Override
  public String scheme() {
    return "agent-vault";
  }

  @Override
  protected String server() {
    return "the agent, read by the library's own store of Vault";
  }

  @Override
  public SecretStore open() {
    SecretStoreFactory vault =
        ServiceLoader.load(SecretStoreFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(factory -> factory.scheme().equals("vault"))
            .findFirst()
            .orElseThrow();
    return new Reader(
        client(vault, agent.vaultPort()),
        client(vault, 1),
        backend.secondClient(),
        agent.provider::invalidate);
  }

  private static SecretStore client(SecretStoreFactory vault, int port) {
    return vault.open(
        new StoreConfig(
            Map.of("address", "http://127.0.0.1:" + port, "token", RunningAgent.TOKEN),
            variable -> Optional.empty(),
            Duration.ofSeconds(10),
            InstantSource.system()));
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }

  @Override
  public Set<String> credentials() {
    return Set.of(RunningAgent.TOKEN);
  }

  @Override
  public StoreLimits limits() {
    return new StoreLimits(65_536, 512, 10, Duration.ZERO);
  }

  /**
   * A store that reads through the agent and writes to the backend.
   *
   * @param nowhere a client without a server, which refuses names before it asks
   * @param changed hears of each write, as an agent does that hears of a rotation
   */
  private record Reader(
      SecretStore agent, SecretStore nowhere, FakeStore writer, Consumer<String> changed)
      implements VersionedStore, ListableStore, WritableStore, DeletableStore {
    @Override
    public String scheme() {
      return agent.scheme();
    }

    @Override
    public Set<Capability> capabilities() {
      return writer.capabilities();
    }

    @Override
    public StoredSecret fetch(String name) {
      return agent.fetch(name);
    }

    @Override
    public StoredSecret fetchVersion(String name, String version) {
      return ((VersionedStore) agent).fetchVersion(name, version);
    }

    @Override
    public List<SecretVersion> versions(String name) {
      return ((VersionedStore) agent).versions(name);
    }

    @Override
    public List<String> list(String prefix) {
      return ((ListableStore) agent).list(prefix);
    }

    @Override
    public Map<String, String> describe(String name) {
      return agent.describe(name);
    }

    @Override
    public Map<String, String> check() {
      return agent.check();
    }

    @Override
    public PutResult put(PutRequest request) {
      requireName(request.name());
      String expected = request.expectedVersion();
      PutResult result =
          writer.put(
              new PutRequest(
                  request.name(),
                  request.value(),
                  request.condition(),
                  expected == null ? null : id(request.name(), expected),
                  request.stage(),
                  request.id(),
                  request.description()));
      changed.accept(request.name());
      return new PutResult(number(request.name(), result.version()), result.outcome());
    }

    /** A name that no client of Vault can ask for is refused by every Vault as well. */
    private void requireName(String name) {
      try {
        nowhere.fetch(name).value().close();
      } catch (SecretException e) {
        if (e.kind() == Kind.BAD_NAME) {
          throw e;
        }
      }
    }

    private String number(String name, String id) {
      return VaultNumbers.byNumber(writer.versions(name)).entrySet().stream()
          .filter(entry -> entry.getValue().id().equals(id))
          .map(entry -> String.valueOf(entry.getKey()))
          .findFirst()
          .orElseThrow();
    }

    private String id(String name, String number) {
      try {
        SecretVersion version =
            number.matches("[0-9]{1,9}")
                ? VaultNumbers.byNumber(writer.versions(name)).get(Long.parseLong(number))
                : null;
        return version == null ? number : version.id();
      } catch (SecretException e) { // for the writer to say
        return number;
      }
    }

    @Override
    public void promote(String name, String version) {
      writer.promote(name, id(name, version));
      changed.accept(name);
    }

    @Override
    public void delete(String name) {
      writer.delete(name);
      changed.accept(name);
    }

    @Override
    public void restore(String name) {
      writer.restore(name);
      changed.accept(name);
    }

    @Override
    public void purge(String name) {
      writer.purge(name);
      changed.accept(name);
    }

    @Override
    public void close() {
      agent.close();
      nowhere.close();
      writer.close();
    }
  }
}
