package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.aws.store.Names;
import de.lifetimecircle.secrets.aws.store.Values;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.ScratchNames;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract on the server or the account that the environment names, below a prefix of its own
 * for each test, which is cleaned up. Not named as a test: {@code ./verify contract aws} runs it in
 * place of the stand-ins where {@code SECRETS_TEST_AWS_ENDPOINT} or {@code SECRETS_TEST_AWS_REGION}
 * is set. Credentials come from where every AWS program finds them.
 */
final class AwsNamedContract extends SecretStoreContract {
  private static final String VARIABLES = "SECRETS_TEST_AWS_";

  private final ScratchNames scratch =
      ScratchNames.below("secrets-contract/" + UUID.randomUUID() + "/");

  @Override
  public String scheme() {
    return "aws-named";
  }

  @Override
  protected String server() {
    return "a server that the environment names";
  }

  @Override
  public SecretStore open() {
    return scratch.in(connect());
  }

  private static SecretStore connect() {
    Map<String, String> settings = new HashMap<>();
    named("ENDPOINT").ifPresent(endpoint -> settings.put("endpoint", endpoint));
    named("REGION").ifPresent(region -> settings.put("region", region));
    return new AwsStoreFactory()
        .open(
            new StoreConfig(
                settings,
                variable -> Optional.ofNullable(System.getenv(variable)),
                Duration.ofSeconds(10),
                InstantSource.system()));
  }

  private static Optional<String> named(String variable) {
    return Optional.ofNullable(System.getenv(VARIABLES + variable));
  }

  @AfterEach
  void clean() {
    try (SecretStore store = connect()) {
      scratch.clean(store);
    }
  }

  @Override
  public Set<Capability> declared() {
    return AwsContract.DECLARED;
  }

  @Override
  public StoreLimits limits() {
    // Every listing of the service may be five minutes late; a value is seen within seconds.
    return new StoreLimits(
        Values.MAX_BYTES, Names.MAX - scratch.prefix().length(), 10, Duration.ofSeconds(10));
  }
}
