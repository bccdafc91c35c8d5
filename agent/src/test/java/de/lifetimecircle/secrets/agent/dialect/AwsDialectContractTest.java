package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
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
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reading half of the contract: the library's own AWS store reads from the agent, and what the
 * contract writes goes to the agent's backend directly, as somebody else's writes do.
 *
 * <p>The agent's cache keeps nothing here, since the contract is about stores: it has no patience
 * with a held answer.
 */
final class AwsDialectContractTest extends SecretStoreContract {
  @TempDir Path folder;
  private final AtomicLong ticks = new AtomicLong();

  /** AWS dates versions by the millisecond, so each one here has a millisecond of its own. */
  private final FakeStore backend =
      FakeStore.with(DECLARED.toArray(Capability[]::new))
          .clock(() -> Instant.ofEpochMilli(1_790_000_000_000L + ticks.getAndIncrement()));

  private RunningAgent agent;

  private static final Set<Capability> DECLARED =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(Capability.EMPTY_VALUE, Capability.READ_AFTER_WRITE)));

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
    return "agent-aws";
  }

  @Override
  protected String server() {
    return "the agent, read by the library's own store of AWS";
  }

  @Override
  public SecretStore open() {
    SecretStoreFactory aws =
        ServiceLoader.load(SecretStoreFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(factory -> factory.scheme().equals("aws"))
            .findFirst()
            .orElseThrow();
    SecretStore reader =
        aws.open(
            new StoreConfig(
                Map.of(
                    "region",
                    "eu-central-1",
                    "endpoint",
                    "http://127.0.0.1:" + agent.port(),
                    "access-key-id",
                    "LOCALLOCALLOCALLOCAL",
                    "secret-access-key",
                    "local-local-local-local-local-local-loca"),
                variable -> Optional.empty(),
                Duration.ofSeconds(10),
                InstantSource.system()));
    return new ReaderOfTheAgent(reader, backend.secondClient(), agent.provider::invalidate);
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }

  @Override
  public StoreLimits limits() {
    return new StoreLimits(65_536, 512, 10, Duration.ZERO);
  }
}
