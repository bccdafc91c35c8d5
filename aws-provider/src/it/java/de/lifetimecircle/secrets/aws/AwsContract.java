package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.aws.store.Names;
import de.lifetimecircle.secrets.aws.store.Values;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.ProxyFaults;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract on a stand-in for AWS: through TLS with an authority of the test's own, with a role
 * that is assumed, so that logins are made and counted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AwsContract extends SecretStoreContract {
  static final Set<Capability> DECLARED =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(Capability.EMPTY_VALUE, Capability.READ_AFTER_WRITE)));

  private static final String ACCESS_KEY = "AKIAQ7ZJ2LR9XWT4BN8S";
  private static final String SECRET_KEY = "vJm2/Lr9XwT4bN8sKdqZ7vPq+3HcY5uE1oGiDlzR";

  private final AwsStandIn standIn;
  private final FaultProxy proxy;
  private final ProxyFaults faults;
  private final Path ca;

  AwsContract(AwsStandIn standIn, Path folder) {
    TestAuthority authority = TestAuthority.create();
    this.standIn = standIn;
    this.ca = authority.writePem(folder);
    this.proxy = FaultProxy.to(standIn.uri()).presenting(authority).start();
    this.faults = AwsFaults.of(proxy);
  }

  @BeforeEach
  void empty() {
    standIn.reset();
  }

  @AfterAll
  void stop() {
    proxy.close();
    standIn.close();
  }

  /** A secret that a service of AWS made: read and listed as any other, and never written. */
  @Test
  void secretThatAServiceMadeIsReadAndListedAndNotWritten() throws Exception {
    String name = "rds!db-0d3f6b5e-5b0f-4c53-9b0e-2f6f1f3b8a11";
    String value = "{\"username\":\"admin\",\"password\":\"made by rds\"}";
    standIn.create("neighbour", "own");
    standIn.create(name, value);
    try (SecretProvider provider = provider()) {
      assertThat(provider.get(name).value().json("password")).isEqualTo("made by rds");
      assertThat(provider.validVersions(name)).hasSize(1);
      assertThat(provider.versions(name)).hasSize(1);
      assertThat(provider.getAll(List.of(name, "neighbour")).get(name).secret()).isPresent();
      assertThat(provider.list("")).containsExactly("neighbour", name);
      assertThat(provider.list("rds!")).containsExactly(name);
      assertThat(provider.describe(name)).containsEntry("name", name);
    }
    try (SecretWriter writer = writer()) {
      fails(Kind.BAD_NAME, () -> writer.put(name, SecretValue.of("ours")));
      fails(Kind.BAD_NAME, () -> writer.create(name, SecretValue.of("ours")));
      fails(Kind.BAD_NAME, () -> writer.delete(name));
    }
    try (SecretProvider provider = provider()) {
      assertThat(provider.get(name).value().asString()).isEqualTo(value);
    }
  }

  /** A writer that dies before its last request leaves the label of its conditional put. */
  @Test
  void versionIsTheNextPreviousOneWithTheLabelOfADeadWriter() {
    String label = "label:secrets-candidate";
    try (AwsStore store = (AwsStore) open()) {
      String first = store.put(PutRequest.always(NAME, SecretValue.of("one"))).version();
      PutRequest second = PutRequest.ifVersion(NAME, first, SecretValue.of("two"));
      String id = second.id().toString();
      refuseToRemoveLabels("ThrottlingException");
      fails(Kind.THROTTLED, () -> store.put(second));
      assertThat(store.describe(NAME)).containsEntry(label, id);
      refuseToRemoveLabels("AccessDeniedException");
      store.put(PutRequest.always(NAME, SecretValue.of("three")));
      faults.clear();
      assertThat(store.describe(NAME)).containsEntry(label, id);
      assertThat(store.versions(NAME))
          .filteredOn(version -> version.stages().contains(Stage.PREVIOUS))
          .extracting(SecretVersion::id)
          .containsExactly(id);
      store.promote(NAME, id);
      assertThat(store.describe(NAME)).doesNotContainKey(label);
    }
  }

  private void refuseToRemoveLabels(String code) {
    proxy.intercept(
        request ->
            AwsFaults.isOf(request, "UpdateSecretVersionStage")
                    && !AwsFaults.text(request).contains("MoveToVersionId")
                ? AwsFaults.error(400, code)
                : null);
  }

  /** As for a secret of another account, for which AWS requires it. */
  @Test
  void secretIsReadAndWrittenByItsFullArn() {
    try (SecretWriter writer = writer();
        SecretProvider provider = provider()) {
      var unused = writer.put("jwt-secret", SecretValue.of("first"));
      String arn = String.valueOf(provider.describe("jwt-secret").get("arn"));
      assertThat(arn).startsWith("arn:aws:secretsmanager:eu-central-1:");
      assertThat(provider.get(arn).asString()).isEqualTo("first");
      var written = writer.put(arn, SecretValue.of("second"));
      assertThat(provider.refresh("jwt-secret").version()).isEqualTo(written.version());
      assertThat(provider.getAll(List.of(arn, "jwt-secret")).get(arn).secret()).isPresent();
      assertThat(provider.versions(arn)).hasSize(2);
    }
  }

  @Override
  public SecretStore open() {
    return new AwsStoreFactory()
        .open(
            new StoreConfig(
                Map.of(
                    "region",
                    "eu-central-1",
                    "endpoint",
                    faults.uri().toString(),
                    "sts-endpoint",
                    faults.uri().toString(),
                    "ca-file",
                    ca.toString(),
                    "access-key-id",
                    ACCESS_KEY,
                    "secret-access-key",
                    SECRET_KEY,
                    "role-arn",
                    "arn:aws:iam::123456789012:role/contract"),
                variable -> Optional.empty(),
                faults.timeout(),
                InstantSource.system()));
  }

  @Override
  public Set<Capability> declared() {
    return DECLARED;
  }

  @Override
  public StoreLimits limits() {
    return new StoreLimits(
        Values.MAX_BYTES, Names.MAX, 10, Duration.ZERO); // one process shows it at once
  }

  @Override
  public ProxyFaults faults() {
    return faults;
  }

  @Override
  public Set<String> credentials() {
    return Set.of(ACCESS_KEY, SECRET_KEY);
  }
}
