package de.lifetimecircle.secrets.azure;

import static de.lifetimecircle.secrets.azure.AzureTestVault.get;
import static de.lifetimecircle.secrets.azure.AzureTestVault.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.azure.store.Client;
import de.lifetimecircle.secrets.azure.store.Deletes;
import de.lifetimecircle.secrets.azure.transport.Transport;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultOperation;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureStoreTest extends AzureOnTestVault {
  private AzureStore store;
  private Client people;

  @BeforeEach
  void open() {
    store = vault.settings().open();
    people = vault.people();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static KeyVaultSecret made(String stored, String value, Map<String, String> tags) {
    return new KeyVaultSecret(stored, value)
        .setProperties(new SecretProperties().setTags(tags).setContentType("text/plain"));
  }

  @Test
  void versionCarriesNameAndSequenceAndWhatPeopleTagged() {
    people.set(made("a-ub", "by hand", Map.of("owner", "team")));
    put(store, "a_b", "two");
    put(store, "a_b", "three");
    SecretProperties facts = people.get("a-ub").getProperties();
    assertThat(facts.getTags())
        .containsOnly(
            Map.entry("owner", "team"), Map.entry(Tags.NAME, "a_b"), Map.entry(Tags.SEQUENCE, "2"));
    assertThat(facts.getContentType()).isEqualTo("text/plain");
    assertThat(store.versions("a_b")).hasSize(3);
  }

  @Test
  void settingsGoWithWhatIsWritten() {
    InstantSource clock = InstantSource.system();
    AzureTestVault settings =
        vault
            .settings()
            .with("tags", "team=payments")
            .with("content-type", "application/json")
            .with("expires-after", "90d");
    try (AzureStore writer = settings.open()) {
      put(writer, "key", "{}");
      SecretProperties facts = people.get("key").getProperties();
      assertThat(facts.getTags()).containsEntry("team", "payments");
      assertThat(facts.getContentType()).isEqualTo("application/json");
      assertThat(Duration.between(clock.instant(), facts.getExpiresOn()))
          .isBetween(Duration.ofDays(89), Duration.ofDays(90));
      writer.put(PutRequest.always("key", SecretValue.of(new byte[] {0, 1})));
      assertThat(people.get("key").getProperties().getContentType()).isEqualTo(StoredValue.BINARY);
      put(writer, "key", "{}");
      assertThat(people.get("key").getProperties().getContentType()).isEqualTo("application/json");
    }
  }

  @Test
  void moreTagsThanFitAreRefusedBeforeTheWrite() {
    Map<String, String> tags = new java.util.HashMap<>();
    for (int i = 0; i < 14; i++) {
      tags.put("tag" + i, "x");
    }
    people.set(made("full", "by hand", tags));
    failure(Kind.INVALID_VALUE, () -> put(store, "full", "new"));
    assertThat(get(store, "full")).isEqualTo("by hand");
  }

  @Test
  void versionOfAnotherNameIsNotServed() {
    people.set(made("key", "planted", Map.of(Tags.NAME, "other")));
    SecretException failure = failure(Kind.CORRUPT, () -> store.fetch("key"));
    assertThat(failure).hasMessageContaining(Tags.NAME);
    failure(Kind.CORRUPT, () -> put(store, "key", "new"));
    failure(Kind.CORRUPT, () -> store.versions("key"));
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void namesThatAreNotOursAreLeftOutAndCounted() {
    people.set(made("My-Cert", "by hand", Map.of()));
    put(store, "ours", "value");
    assertThat(store.list("")).containsExactly("ours");
    assertThat(store.check()).containsEntry("first page", "2 secrets, 1 of them not ours");
  }

  @Test
  void plainNamesAreThoseOfPeople() {
    people.set(made("My-Cert", "by hand", Map.of()));
    try (AzureStore plain = vault.settings().with("names", "plain").open()) {
      assertThat(get(plain, "My-Cert")).isEqualTo("by hand");
      put(plain, "My-Cert", "by us");
      assertThat(plain.list("My")).containsExactly("My-Cert");
      failure(Kind.BAD_NAME, () -> plain.fetch("MY-CERT"));
      failure(Kind.BAD_NAME, () -> put(plain, "my-cert", "twin"));
      failure(Kind.BAD_NAME, () -> plain.versions("my-CERT"));
      failure(Kind.BAD_NAME, () -> plain.fetch("my/cert"));
      assertThat(get(plain, "My-Cert")).isEqualTo("by us");
    }
  }

  @Test
  void plainTwinIsNeitherDeletedNorRestoredNorPurged() {
    people.set(made("My-Cert", "by hand", Map.of()));
    try (AzureStore plain = vault.settings().with("names", "plain").open()) {
      failure(Kind.BAD_NAME, () -> plain.delete("my-cert"));
      put(plain, "My-Cert", "by us");
      plain.delete("My-Cert");
      failure(Kind.BAD_NAME, () -> plain.restore("my-cert"));
      failure(Kind.BAD_NAME, () -> plain.purge("my-cert"));
      plain.restore("My-Cert");
      assertThat(get(plain, "My-Cert")).isEqualTo("by us");
      failure(Kind.CONFLICT, () -> plain.purge("My-Cert"));
      failure(Kind.NOT_FOUND, () -> plain.restore("none"));
    }
  }

  /** Every vault that somebody already has is full of such names. */
  @Test
  void missOfAMappedNameNamesTheSettingWhereThePlainOneExists() {
    people.set(made("db-password", "by hand", Map.of()));
    for (SecretException failure :
        List.of(
            failure(Kind.NOT_FOUND, () -> store.fetch("db-password")),
            failure(Kind.NOT_FOUND, () -> store.versions("db-password")),
            failure(Kind.NOT_FOUND, () -> store.delete("db-password")))) {
      assertThat(failure)
          .hasMessageContaining("'db--password'")
          .hasMessageContaining("Set azure.names=plain");
    }
    assertThat(failure(Kind.NOT_FOUND, () -> store.fetch("db-user")))
        .hasMessageNotContaining("azure.names");
    put(store, "db-password", "by us");
    assertThat(get(store, "db-password")).isEqualTo("by us");
  }

  @Test
  void aNameThatTheVaultCannotHaveCostsNoFurtherCall() {
    failure(Kind.NOT_FOUND, () -> store.fetch("prod/none"));
    long before = store.requests().getAsLong();
    failure(Kind.NOT_FOUND, () -> store.fetch("prod/none"));
    long slash = store.requests().getAsLong() - before;
    failure(Kind.NOT_FOUND, () -> store.fetch("no-dash"));
    assertThat(store.requests().getAsLong() - before - slash).isEqualTo(slash + 1);
  }

  @Test
  void putOverASecretOfPeopleNeedsNoList() {
    people.set(made("key", "by hand", Map.of("owner", "team")));
    vault.server.faults().deny(KeyVaultOperation.LIST);
    put(store, "key", "by us");
    vault.server.faults().allowAll();
    assertThat(get(store, "key")).isEqualTo("by us");
    assertThat(people.get("key").getProperties().getTags())
        .containsEntry("owner", "team")
        .containsEntry(Tags.SEQUENCE, "1");
    assertThat(store.versions("key").get(0).stages()).containsExactly(Stage.CURRENT);
  }

  @Test
  void putOverADisabledSecretNamesTheRightItNeeds() {
    put(store, "key", "value");
    vault.server.disable("key");
    vault.server.faults().deny(KeyVaultOperation.LIST);
    assertThat(failure(Kind.ACCESS_DENIED, () -> put(store, "key", "new")))
        .hasMessageContaining("Grant list");
  }

  /** Not every 409 says why. */
  @Test
  void conflictWithoutAnInnerCodeIsLookedInto() {
    put(store, "key", "value");
    store.delete("key");
    vault.answering(
        request -> request.method().equals("PUT") ? Documented.error(409, "Conflict", "") : null);
    failure(Kind.PENDING_DELETION, () -> put(store, "key", "new"));
    assertThat(failure(Kind.CONFLICT, () -> put(store, "other", "new")))
        .hasMessageContaining("another writer is changing it");
  }

  /** The versions of one name are not thousands. Only the pages move the clock of the client. */
  @Test
  void versionsThatTakeTooLongSayHowFarTheyCame() {
    AtomicInteger pages = new AtomicInteger();
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
    vault.answering(
        request -> {
          int page = pages.incrementAndGet();
          clock.addAndGet(Duration.ofSeconds(20).toNanos());
          String link = "https://v.test/secrets/n/" + page;
          String next = page < 9 ? ",\"nextLink\":\"" + link + "\"" : "";
          return Answer.of(
              200,
              Documented.JSON,
              "{\"value\":[{\"id\":\""
                  + link
                  + "\",\"attributes\":{\"enabled\":true}}]"
                  + next
                  + "}");
        });
    Settings config = Settings.of(vault.settings().within(Duration.ofMinutes(1)).config());
    try (HttpTransport transport = Transport.transport(config)) {
      Client client = new Client(config, transport, new LongAdder(), clock::get);
      assertThat(
              failure(Kind.TIMEOUT, () -> Failures.call("list", "n", () -> client.versions("n"))))
          .hasMessageContaining("25 entries a request")
          .hasMessageContaining("and 3 of them, with more to come")
          .hasMessageContaining("Raise 'timeout'");
    }
    assertThat(pages).hasValue(3);
  }

  @Test
  void promotionSaysHowToPutTheOldValueAgain() {
    String version = put(store, "prod/key", "one");
    put(store, "prod/key", "two");
    assertThat(failure(Kind.UNSUPPORTED, () -> store.promote("prod/key", version)))
        .hasMessageContaining(
            "secrets get 'prod/key' --version "
                + version
                + " | secrets put 'prod/key' --plain --stdin");
  }

  @Test
  void emptyPageIsNotTheEnd() {
    vault.server.faults().startListsWithAnEmptyPage();
    put(store, "key", "one");
    put(store, "key", "two");
    assertThat(store.list("")).containsExactly("key");
    assertThat(store.versions("key")).hasSize(2);
    assertThat(store.check()).containsKey("first page");
  }

  @Test
  void disabledSecretIsNotServedAndCanBeReplaced() {
    String first = put(store, "key", "one");
    put(store, "key", "two");
    vault.server.disable("key");
    failure(Kind.DISABLED, () -> store.fetch("key"));
    assertThat(store.describe("key")).containsEntry("enabled", "no: it is not served");
    assertThat(AzureTestVault.text(store.fetchVersion("key", first))).isEqualTo("one");
    failure(Kind.VERSION_NOT_FOUND, () -> store.fetchVersion("key", "0".repeat(32)));
    put(store, "key", "three");
    assertThat(get(store, "key")).isEqualTo("three");
    assertThat(store.versions("key").get(0).stages()).containsExactly(Stage.CURRENT);
    assertThat(store.versions("key").get(1).stages()).isEmpty();
  }

  @Test
  void expiredSecretIsServedAndDescribedAsSuch() {
    KeyVaultSecret old = made("key", "old", Map.of());
    old.getProperties()
        .setExpiresOn(InstantSource.system().instant().minusSeconds(60).atOffset(ZoneOffset.UTC));
    people.set(old);
    assertThat(get(store, "key")).isEqualTo("old");
    assertThat(store.describe("key").get("expires")).endsWith("(over; served all the same)");
  }

  @Test
  void describeTellsFactsAndNoValueOfATag() {
    people.set(made("key", "hush", Map.of("owner", "secret-team")));
    Map<String, String> facts = store.describe("key");
    assertThat(facts)
        .containsEntry("stored as", "key")
        .containsEntry("tags", "owner")
        .containsEntry("content type", "text/plain")
        .containsEntry("recovery level", "Recoverable+Purgeable")
        .containsKeys("vault", "version", "created", "updated", "expires", "recoverable for");
    assertThat(facts.toString()).doesNotContain("hush", "secret-team");
  }

  /** Waits 200 ms for the service to finish, while each request has as long as usual. */
  private String hasty(Consumer<Deletes> change) {
    Settings config = Settings.of(vault.settings().within(Duration.ofMillis(200)).config());
    return Failures.call(
        "change secret",
        "key",
        () -> {
          change.accept(new Deletes(config, people));
          return "done";
        });
  }

  @Test
  void deletionThatTakesTooLongSaysThatItGoesOn() {
    put(store, "key", "value");
    vault.answering(
        request ->
            request.target().contains("/deletedsecrets/")
                ? Documented.error(404, "SecretNotFound", "")
                : null);
    assertThat(failure(Kind.TIMEOUT, () -> hasty(deletes -> deletes.delete("key"))))
        .hasMessageContaining("goes on at the service");
  }

  @Test
  void restorationThatTakesTooLongSaysThatItGoesOn() {
    put(store, "key", "value");
    store.delete("key");
    vault.answering(
        request ->
            request.method().equals("GET") ? Documented.error(404, "SecretNotFound", "") : null);
    assertThat(failure(Kind.TIMEOUT, () -> hasty(deletes -> deletes.restore("key"))))
        .hasMessageContaining("restoration")
        .hasMessageContaining("goes on");
  }

  @Test
  void interruptEndsTheWaiting() {
    put(store, "key", "value");
    AtomicInteger polls = new AtomicInteger();
    Thread deleting = Thread.currentThread();
    vault.answering(
        request -> {
          if (!request.target().contains("/deletedsecrets/")) {
            return null;
          }
          if (polls.incrementAndGet() == 2) {
            deleting.interrupt();
          }
          return Documented.error(404, "SecretNotFound", "");
        });
    failure(Kind.INTERRUPTED, () -> store.delete("key"));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void missStaysAMissWhereDeletedOnesMayNotBeAskedFor() {
    vault.answering(
        request ->
            request.target().contains("/deletedsecrets/")
                ? Documented.error(403, "Forbidden", "ForbiddenByRbac")
                : null);
    failure(Kind.NOT_FOUND, () -> store.fetch("none"));
  }

  @Test
  void rightToListIsNotNeededForReads() {
    put(store, "key", "value");
    vault.server.faults().deny(KeyVaultOperation.LIST);
    assertThat(get(store, "key")).isEqualTo("value");
    assertThat(store.check()).containsEntry("first page", "no right to list");
    failure(Kind.ACCESS_DENIED, () -> store.list(""));
    failure(Kind.ACCESS_DENIED, () -> store.versions("key"));
  }

  @Test
  void nextPageGoesToTheVaultWhateverTheLinkSays() {
    vault.answering(
        request ->
            request.target().contains("page=2")
                ? Answer.of(200, Documented.JSON, "{\"value\":[],\"nextLink\":null}")
                : Answer.of(
                    200,
                    Documented.JSON,
                    "{\"value\":[],\"nextLink\":\"https://evil.invalid/secrets?page=2\"}"));
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void writeThatIsNotAsSentIsToldSo() {
    vault.answering(
        request ->
            request.method().equals("GET") && request.target().matches(".*/secrets/key/[0-9a-f]+.*")
                ? Answer.of(
                    200, Documented.JSON, Documented.secret("v.test", "key", "x", "text/plain"))
                : null);
    failure(Kind.CORRUPT, () -> put(store, "key", "sent"));
  }

  @Test
  void writeOfAnUnknownOutcomeSaysSo() {
    vault.answering(
        request ->
            request.method().equals("PUT") ? Documented.error(503, "Unavailable", "") : null);
    SecretException failure = failure(Kind.UNAVAILABLE, () -> put(store, "key", "sent"));
    assertThat(failure).hasMessageContaining("may have been done");
  }

  @Test
  void requestsToTheVaultAreCountedAndLoginsAreNot() {
    long before = store.requests().getAsLong();
    int seen = vault.proxy.requests();
    put(store, "key", "value");
    store.fetch("key");
    store.fetch("key");
    long counted = store.requests().getAsLong() - before;
    assertThat(counted).isBetween(3L, (long) vault.proxy.requests() - seen);
    store.fetch("key");
    assertThat(store.requests()).hasValue(before + counted + 1);
  }

  @Test
  void conditionsAndStagesAreRefusedBeforeAnyCall() {
    int before = vault.proxy.requests();
    SecretValue value = SecretValue.of("value");
    failure(Kind.UNSUPPORTED, () -> store.put(PutRequest.createOnly("key", value)));
    failure(Kind.UNSUPPORTED, () -> store.put(PutRequest.ifVersion("key", "1", value)));
    failure(Kind.UNSUPPORTED, () -> store.put(PutRequest.pending("key", value)));
    assertThat(vault.proxy.requests()).isEqualTo(before);
    failure(Kind.UNSUPPORTED, () -> store.promote("key", "1"));
  }

  @Test
  void purgeOfAProtectedVaultIsDenied() {
    put(store, "key", "value");
    store.delete("key");
    vault.answering(
        request ->
            request.method().equals("DELETE")
                ? Documented.error(403, "Forbidden", "ForbiddenByPolicy")
                : null);
    assertThat(failure(Kind.ACCESS_DENIED, () -> store.purge("key")))
        .hasMessageContaining("purge protection");
  }

  @Test
  void slowVaultIsWaitedFor(@TempDir Path own) {
    try (VaultBehindProxy slow =
            new VaultBehindProxy(
                own,
                KeyVaultServer.builder()
                    .deleteDelay(Duration.ofSeconds(2))
                    .recoverDelay(Duration.ofSeconds(2))
                    .purgeDelay(Duration.ofSeconds(2)));
        AzureStore patient = slow.settings().open()) {
      put(patient, "key", "value");
      patient.delete("key");
      patient.restore("key");
      assertThat(get(patient, "key")).isEqualTo("value");
      patient.delete("key");
      patient.purge("key");
      put(patient, "key", "anew");
      assertThat(patient.versions("key")).hasSize(1);
    }
  }
}
