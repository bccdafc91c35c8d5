package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.MaintainedStore;
import de.lifetimecircle.secrets.spi.RecipientStore;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands before a store can do what the store can, and nothing else. */
class AuditedStoreTest {
  private static final List<Class<? extends SecretStore>> ABILITIES =
      List.of(
          BatchStore.class,
          DeletableStore.class,
          ListableStore.class,
          MaintainedStore.class,
          RecipientStore.class,
          RetiringStore.class,
          RevalidatingStore.class,
          VersionedStore.class,
          WritableStore.class);

  @TempDir Path folder;

  private SecretStore audited(SecretStore store) {
    StoreConfig settings =
        new StoreConfig(
            Map.of("log", folder.resolve("log").toString()),
            variable -> Optional.empty(),
            Duration.ofSeconds(10),
            () -> Instant.EPOCH);
    return new FileAudit().around(store, "fake", settings);
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("log"));
  }

  @Test
  void hasExactlyTheAbilitiesOfTheStore() {
    for (SecretStore store : List.of(FakeStore.create(), new Recipients())) {
      SecretStore audited = audited(store);
      for (Class<?> ability : ABILITIES) {
        assertThat(ability.isInstance(audited))
            .as(store.getClass() + " " + ability)
            .isEqualTo(ability.isInstance(store));
      }
      assertThat(audited.capabilities()).isEqualTo(store.capabilities());
      assertThat(audited).isNotInstanceOf(Hidden.class);
    }
  }

  @Test
  void aBatchThatFailsIsALineForEachName() throws IOException {
    FakeStore store = FakeStore.create();
    store.next(FakeStore.Op.FETCH_ALL, "", FakeStep.fail(Kind.ACCESS_DENIED));
    BatchStore audited = (BatchStore) audited(store);
    assertThatThrownBy(() -> audited.fetchAll(List.of("A", "B")))
        .isInstanceOf(SecretException.class);
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).contains("\"read\",\"name\":\"A\",\"outcome\":\"access-denied\"");
    assertThat(lines().get(1)).contains("\"read\",\"name\":\"B\",\"outcome\":\"access-denied\"");
  }

  /** An interface that only the provider's own package knows. */
  private interface Hidden {}

  @Test
  void hasTheAbilitiesThatAProviderAddsToTheSpi() throws IOException {
    SecretProviderBuilder builder =
        SecretProvider.builder()
            .environment(Map.of())
            .store(new Recipients())
            .set("audit.log", folder.resolve("log").toString());
    try (SecretWriter writer = builder.buildWriter()) {
      Sealing sealing = writer.unwrap(Sealing.class).orElseThrow();
      assertThat(sealing.seal("canary-value")).isEqualTo("sealed");
      assertThatThrownBy(() -> sealing.seal("")).isInstanceOf(SecretException.class);
      assertThat(sealing.put("canary-value")).isEqualTo("not an operation of the SPI");
    }
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0))
        .contains("\"other\",\"call\":\"" + Sealing.class.getName() + ".seal\",\"outcome\":\"ok\"");
    assertThat(lines().get(1)).contains(".seal\",\"outcome\":\"invalid-value\"");
    assertThat(lines().toString()).doesNotContain("canary-value");
  }

  /** An ability of one provider that the SPI does not know. */
  public interface Sealing {
    /** Does something with a value. */
    String seal(String value);

    /** Has the name of an operation of the SPI and is none. */
    String put(String value);
  }

  @Test
  void saysNothingOfWhatIsNoQuestionForASecret() throws IOException {
    try (SecretStore audited = audited(new Recipients())) {
      assertThat(audited.check()).isEmpty();
      assertThat(audited.requests()).isEmpty();
      assertThat(((RevalidatingStore) audited).fetchUnless("same", "1", Instant.EPOCH, 1))
          .isEmpty();
    }
    assertThat(lines()).isEmpty();
  }

  @Test
  void namesRecipientsByTheirFingerprints() throws IOException {
    RecipientStore audited = (RecipientStore) audited(new Recipients());
    assertThat(audited.addRecipient(new byte[] {1})).isEqualTo("F1");
    assertThatThrownBy(() -> audited.removeRecipient("F2")).isInstanceOf(SecretException.class);
    assertThat(((RevalidatingStore) audited).fetchUnless("other", "1", Instant.EPOCH, 1))
        .isPresent();
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0))
        .contains("\"add-recipient\",\"recipient\":\"F1\",\"outcome\":\"ok\"");
    assertThat(lines().get(1))
        .contains("\"remove-recipient\",\"recipient\":\"F2\",\"outcome\":\"unsupported\"");
    assertThat(lines().get(2)).contains("\"read\",\"name\":\"other\",\"version\":\"2\"");
  }

  /** A store with the abilities that the fake of the test kit lacks. */
  private static final class Recipients
      implements RecipientStore, RevalidatingStore, Sealing, Hidden {
    @Override
    public String seal(String value) {
      if (value.isEmpty()) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, "seal").build();
      }
      return "sealed";
    }

    @Override
    public String put(String value) {
      return "not an operation of the SPI";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      return new StoredSecret(SecretValue.of("of no importance"), "2", Instant.EPOCH);
    }

    @Override
    public Optional<StoredSecret> fetchUnless(
        String name, String version, Instant created, int size) {
      return name.equals("same") ? Optional.empty() : Optional.of(fetch(name));
    }

    @Override
    public Map<String, String> describe(String name) {
      return Map.of();
    }

    @Override
    public Map<String, String> check() {
      return Map.of();
    }

    @Override
    public List<String> recipients() {
      return List.of("F1");
    }

    @Override
    public String addRecipient(byte[] certificate) {
      return "F1";
    }

    @Override
    public void removeRecipient(String fingerprint) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "remove the recipient").build();
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
