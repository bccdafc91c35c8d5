package de.lifetimecircle.secrets.azure;

import static de.lifetimecircle.secrets.azure.AzureTestVault.get;
import static de.lifetimecircle.secrets.azure.AzureTestVault.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.azure.store.Waiting;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disabled secret, which the service refuses to say anything of once it is deleted: in both ways
 * in which names become names of the vault.
 */
class AzureDisabledTest extends AzureOnTestVault {
  private static AzureStore open(String names) {
    return vault.settings().with("names", names).open();
  }

  private static void seedDisabled(AzureStore store) {
    put(store, "key", "one");
    put(store, "key", "two");
    vault.server.disable("key");
    failure(Kind.DISABLED, () -> store.fetch("key"));
  }

  private static KeyVaultSecret made(String stored, Map<String, String> tags) {
    return new KeyVaultSecret(stored, "by hand")
        .setProperties(new SecretProperties().setTags(tags).setEnabled(true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapped", "plain"})
  void isDeletedAndReportedAsDeleted(String names) {
    try (AzureStore store = open(names);
        AzureStore another = open(names)) {
      seedDisabled(store);
      store.delete("key");
      for (AzureStore each : new AzureStore[] {store, another}) {
        assertThat(failure(Kind.PENDING_DELETION, () -> each.fetch("key")))
            .hasMessageContaining("deleted and disabled")
            .hasMessageContaining("Restore it and enable it in the vault");
        failure(Kind.PENDING_DELETION, () -> each.versions("key"));
        failure(Kind.PENDING_DELETION, () -> each.fetchVersion("key", "0".repeat(32)));
        failure(Kind.PENDING_DELETION, () -> each.describe("key"));
        failure(Kind.PENDING_DELETION, () -> each.delete("key"));
      }
    }
  }

  /** What the message of the put advises, done in that order. */
  @ParameterizedTest
  @ValueSource(strings = {"mapped", "plain"})
  void isRestoredStillDisabledAndThenReplaced(String names) {
    try (AzureStore store = open(names);
        AzureStore another = open(names)) {
      seedDisabled(store);
      store.delete("key");
      assertThat(failure(Kind.PENDING_DELETION, () -> put(store, "key", "three")))
          .hasMessageContaining("Restore it");
      another.restore("key");
      assertThat(failure(Kind.DISABLED, () -> store.fetch("key")))
          .hasMessageContaining("put a new one");
      failure(Kind.CONFLICT, () -> store.restore("key"));
      failure(Kind.CONFLICT, () -> store.purge("key"));
      put(store, "key", "three");
      assertThat(get(another, "key")).isEqualTo("three");
      assertThat(store.versions("key")).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapped", "plain"})
  void isPurgedAndCanBeMadeAgainTwice(String names) {
    try (AzureStore store = open(names);
        AzureStore another = open(names)) {
      for (int round = 0; round < 2; round++) {
        seedDisabled(store);
        store.delete("key");
        another.purge("key");
        failure(Kind.NOT_FOUND, () -> store.fetch("key"));
        failure(Kind.NOT_FOUND, () -> store.restore("key"));
        failure(Kind.NOT_FOUND, () -> store.purge("key"));
      }
      put(another, "key", "new");
      assertThat(store.versions("key")).hasSize(1);
    }
  }

  @Test
  void warmCacheLearnsThatItIsDeleted() {
    try (AzureStore store = open("mapped");
        SecretProvider provider =
            SecretProvider.builder().store(open("mapped")).environment(Map.of()).build()) {
      put(store, "key", "one");
      assertThat(provider.get("key").asString()).isEqualTo("one");
      vault.server.disable("key");
      failure(Kind.DISABLED, () -> provider.refresh("key"));
      store.delete("key");
      failure(Kind.PENDING_DELETION, () -> provider.refresh("key"));
      store.restore("key");
      vault.server.enable("key");
      assertThat(provider.refresh("key").asString()).isEqualTo("one");
    }
  }

  /** The list of deleted secrets tells whose it is, where the secret itself tells nothing. */
  @Test
  void deletedTwinOfAPlainNameIsLeftAlone() {
    try (AzureStore plain = open("plain")) {
      for (int i = 0; i < 26; i++) { // more than a page
        vault.people().set(made("a-" + i, Map.of()));
        vault.people().delete("a-" + i);
      }
      vault.people().set(made("My-Cert", Map.of()));
      vault.server.disable("My-Cert");
      failure(Kind.BAD_NAME, () -> plain.delete("my-cert"));
      plain.delete("My-Cert");
      failure(Kind.BAD_NAME, () -> plain.restore("my-cert"));
      failure(Kind.BAD_NAME, () -> plain.purge("my-cert"));
      plain.restore("My-Cert");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapped", "plain"})
  void secretOfAnotherNameIsNeitherDeletedNorRestoredNorPurged(String names) {
    vault.people().set(made("key", Map.of(Tags.NAME, "other")));
    try (AzureStore store = open(names)) {
      failure(Kind.CORRUPT, () -> store.delete("key"));
      vault.server.disable("key");
      failure(Kind.CORRUPT, () -> store.delete("key"));
      vault.people().delete("key");
      new Waiting(Duration.ofSeconds(10))
          .until(
              () -> vault.people().listedAsDeleted("key").isPresent(),
              () -> Failures.timeout("not deleted"));
      failure(Kind.CORRUPT, () -> store.restore("key"));
      failure(Kind.CORRUPT, () -> store.purge("key"));
      vault.server.enable("key");
      failure(Kind.CORRUPT, () -> store.restore("key"));
      failure(Kind.CORRUPT, () -> store.purge("key"));
    }
  }

  /** Without a proof the name decides, which with names=mapped only this library writes. */
  @Test
  void withoutTheRightToListAPlainNameIsNotProvedAndAMappedOneCounts() {
    try (AzureStore plain = open("plain");
        AzureStore mapped = open("mapped")) {
      seedDisabled(plain);
      plain.delete("key");
      vault.server.faults().deny(KeyVaultOperation.LIST);
      assertThat(failure(Kind.ACCESS_DENIED, () -> plain.restore("key")))
          .hasMessageContaining("Grant list");
      assertThat(failure(Kind.ACCESS_DENIED, () -> plain.purge("key")))
          .hasMessageContaining("Grant list");
      mapped.restore("key");
      failure(Kind.DISABLED, () -> mapped.fetch("key"));
    }
  }

  /** The code of the service of 2020 (1.1.6.0): it is no denial either. */
  @ParameterizedTest
  @ValueSource(strings = {"mapped", "plain"})
  void olderCodeForADisabledSecretStopsNothing(String names) {
    try (AzureStore store = open(names)) {
      seedDisabled(store);
      store.delete("key");
      vault.answering(
          request ->
              request.method().equals("GET") && request.target().contains("/deletedsecrets/key")
                  ? Documented.error(403, "Forbidden", "AccessDenied")
                  : null);
      store.restore("key");
      failure(Kind.DISABLED, () -> store.fetch("key"));
    }
  }

  /** What the service has acknowledged is done, though it cannot be looked at. */
  @Test
  void withoutTheRightToReadDeletesRestoresAndPurgesAreReportedAsDone() {
    try (AzureStore store = open("mapped")) {
      put(store, "key", "held");
      vault.server.faults().deny(KeyVaultOperation.GET);
      vault.server.faults().deny(KeyVaultOperation.LIST);
      store.delete("key");
      store.restore("key");
      store.delete("key");
      store.purge("key");
      vault.server.faults().allowAll();
      failure(Kind.NOT_FOUND, () -> store.fetch("key"));
    }
  }
}
