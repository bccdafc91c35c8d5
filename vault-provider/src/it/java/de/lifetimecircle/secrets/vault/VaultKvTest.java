package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.store.Fields;
import de.lifetimecircle.secrets.vault.store.SeenValues;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lies on the server: fields, encodings, versions, and what other clients see and do. */
final class VaultKvTest {
  private static VaultTestServer vault;

  private String mount = "";
  private VaultStore store;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  @BeforeEach
  void mount() {
    mount = vault.newMount(2);
    store = open(2);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private VaultStore open(int version, String... more) {
    Map<String, String> settings = vault.rootSettings(mount, version);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return VaultTestServer.open(settings);
  }

  private Map<?, ?> fields(String name) {
    return Json.object(vault.get(mount + "/data/" + name).data(), "data");
  }

  private void write(String name, Map<String, ?> fields) {
    vault.does(mount + "/data/" + name, Map.of("data", fields));
  }

  private static PutResult put(VaultStore store, String name, byte[] bytes) {
    try (SecretValue value = SecretValue.of(bytes)) {
      return store.put(PutRequest.always(name, value));
    }
  }

  private static Kind kind(ThrowingCallable call) {
    return catchThrowableOfType(SecretException.class, call).kind();
  }

  private static List<String> ids(VaultStore store, String name) {
    return store.versions(name).stream().map(SecretVersion::id).toList();
  }

  @Test
  void textIsPlainAndBytesAreMarked() {
    VaultTestServer.put(store, "a", "aGVsbG8= <&> päss€");
    assertThat(fields("a").toString()).isEqualTo("{value=aGVsbG8= <&> päss€}");
    put(store, "a", new byte[] {(byte) 0xff, 0, 1});
    assertThat(fields("a").toString()).isEqualTo("{value=/wAB, value-encoding=base64}");
    VaultTestServer.put(store, "a", "/wAB");
    assertThat(fields("a").toString()).isEqualTo("{value=/wAB}");
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("/wAB");
  }

  @Test
  void textThatTheServerWouldBlowUpFits() {
    byte[] worst = new byte[Fields.MAX_BYTES];
    for (byte filling : new byte[] {'<', 0, '"', 'x'}) {
      java.util.Arrays.fill(worst, filling);
      put(store, "large", worst);
      try (SecretValue value = store.fetch("large").value()) {
        assertThat(value.asBytes()).isEqualTo(worst);
      }
    }
  }

  /** On one node; in a cluster whose standbys answer reads another client may lag. */
  @Test
  void oneNodeShowsAWriteToEveryClientAtOnce() {
    try (VaultStore second = open(2)) {
      for (int i = 0; i < 20; i++) {
        VaultTestServer.put(store, "a", "value " + i);
        assertThat(VaultTestServer.text(second, "a")).isEqualTo("value " + i);
      }
    }
  }

  @Test
  void otherFieldsSurviveAPut() {
    write("db", Map.of("user", "u", "port", 5432, "nested", Map.of("a", List.of(1, "two"))));
    VaultTestServer.put(store, "db", "new");
    assertThat(fields("db")).hasSize(4);
    assertThat(fields("db").get("nested")).hasToString("{a=[1, two]}");
    assertThat(VaultTestServer.text(store, "db")).isEqualTo("new");
  }

  @Test
  void secretWithoutTheFieldIsReadAsAWhole() {
    write("db", Map.of("user", "u"));
    assertThat(VaultTestServer.text(store, "db")).isEqualTo("{\"user\":\"u\"}");
    try (SecretValue value = store.fetch("db").value()) {
      assertThat(value.json("user")).isEqualTo("u");
    }
    try (VaultStore chosen = open(2, "field", "password")) {
      assertThat(kind(() -> chosen.fetch("db"))).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void fieldThatIsNoTextIsReadAsJson() {
    write("a", Map.of("value", Map.of("n", new java.math.BigDecimal("1.5"))));
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("{\"n\":1.5}");
    write("a", Map.of("value", true));
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("true");
  }

  @Test
  void nameSelectsAField() {
    write("db", Map.of("user", "u", "password", "p"));
    try (VaultStore selecting = open(2, "field-separator", "#")) {
      assertThat(VaultTestServer.text(selecting, "db#password")).isEqualTo("p");
      VaultTestServer.put(selecting, "db#password", "q");
      assertThat(fields("db").toString()).contains("user=u").contains("password=q");
      assertThat(kind(() -> selecting.fetch("db#none"))).isEqualTo(Kind.NOT_FOUND);
      try (SecretValue value = SecretValue.of("new")) {
        assertThat(selecting.put(PutRequest.createOnly("db#token", value)).outcome())
            .isEqualTo(PutResult.Outcome.CREATED);
        assertThat(kind(() -> selecting.put(PutRequest.createOnly("db#token", value))))
            .isEqualTo(Kind.CONFLICT);
      }
      assertThat(kind(() -> selecting.delete("db#token"))).isEqualTo(Kind.BAD_NAME);
      assertThat(selecting.list("")).containsExactly("db");
    }
  }

  @Test
  void restoreBringsBackJustWhatTheDeleteTook() throws InterruptedException {
    for (int i = 1; i <= 4; i++) {
      VaultTestServer.put(store, "a", "value " + i);
    }
    vault.does(mount + "/delete/a", Map.of("versions", List.of(2)));
    assertThat(ids(store, "a")).containsExactly("4", "3", "1");
    assertThat(kind(() -> store.fetchVersion("a", "2"))).isEqualTo(Kind.VERSION_NOT_FOUND);
    // Two deletes by hand are seconds apart; a tenth of one tells them apart.
    assertThat(new java.util.concurrent.CountDownLatch(1).await(200, MILLISECONDS)).isFalse();
    store.delete("a");
    assertThat(kind(() -> store.fetchVersion("a", "2"))).isEqualTo(Kind.PENDING_DELETION);
    assertThat(kind(() -> store.describe("a"))).isEqualTo(Kind.PENDING_DELETION);
    store.restore("a");
    assertThat(ids(store, "a")).containsExactly("4", "3", "1");
  }

  private static final java.util.concurrent.TimeUnit MILLISECONDS =
      java.util.concurrent.TimeUnit.MILLISECONDS;

  @Test
  void deleteByAnotherClientCanBeRestored() {
    VaultTestServer.put(store, "a", "one");
    VaultTestServer.put(store, "a", "two");
    assertThat(vault.ask("DELETE", mount + "/data/a", null, vault.rootToken()).status())
        .isEqualTo(204);
    assertThat(kind(() -> store.fetch("a"))).isEqualTo(Kind.PENDING_DELETION);
    assertThat(kind(() -> VaultTestServer.put(store, "a", "new"))).isEqualTo(Kind.PENDING_DELETION);
    assertThat(store.list("")).isEmpty();
    store.restore("a");
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("two");
  }

  private void lifetime(String name, String lifetime) {
    vault.does(mount + "/metadata/" + name, Map.of("delete_version_after", lifetime));
  }

  private void awaitExpiry(String name) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (vault.get(mount + "/data/" + name).status() != 404) {
      assertThat(System.nanoTime() - end).isNegative();
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** A secret of a test run, as a pipeline writes one for an hour. */
  @Test
  void expiredSecretIsWrittenAgainAndNeverRestored() {
    lifetime("early", "90m");
    VaultTestServer.put(store, "early", "one");
    store.delete("early");
    store.restore("early");
    assertThat(store.describe("early")).as("it has another lifetime").containsKey("expires");
    assertThat(VaultTestServer.text(store, "early")).isEqualTo("one");
    assertThat(ids(store, "early")).containsExactly("1");
    assertThat(store.list("")).containsExactly("early");
    store.delete("early");
    for (String name : List.of("deleted", "of-mount")) {
      VaultTestServer.put(store, name, "one");
      store.delete(name); // which would overwrite the time of its end
    }
    lifetime("deleted", "2s");
    vault.does(mount + "/config", Map.of("delete_version_after", "2s"));
    VaultTestServer.put(store, "a", "one");
    assertThat(store.describe("a")).containsKey("expires");
    awaitExpiry("a");
    assertThat(kind(() -> store.fetch("a"))).isEqualTo(Kind.NOT_FOUND);
    assertThat(store.list("")).isEmpty();
    assertThat(kind(() -> store.delete("a"))).isEqualTo(Kind.NOT_FOUND);
    for (String name : List.of("a", "deleted", "of-mount")) {
      assertThat(catchThrowableOfType(SecretException.class, () -> store.restore(name)))
          .hasMessageContaining("expired")
          .extracting(SecretException::kind)
          .isEqualTo(Kind.NOT_FOUND);
      assertThat(vault.get(mount + "/data/" + name).status()).isEqualTo(404);
    }
    assertThat(kind(() -> VaultTestServer.put(store, "deleted", "x")))
        .isEqualTo(Kind.PENDING_DELETION);
    try (SecretValue value = SecretValue.of("x")) {
      assertThat(kind(() -> store.put(PutRequest.createOnly("a", value)))).isEqualTo(Kind.CONFLICT);
    }
    vault.does(mount + "/config", Map.of("delete_version_after", "0s"));
    assertThat(VaultTestServer.put(store, "a", "two")).isEqualTo("2");
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("two");
    assertThat(ids(store, "a")).containsExactly("2");
  }

  @Test
  void purgeKeepsTheSettingsOfTheName() {
    vault.does(
        mount + "/metadata/a",
        Map.of(
            "delete_version_after",
            "90m",
            "max_versions",
            3,
            "cas_required",
            true,
            "custom_metadata",
            Map.of("owner", "x")));
    VaultTestServer.put(store, "a", "one");
    VaultTestServer.put(store, "plain", "one");
    for (String name : List.of("a", "plain")) {
      store.delete(name);
      store.purge(name);
      assertThat(kind(() -> store.fetch(name))).isEqualTo(Kind.NOT_FOUND);
      assertThat(kind(() -> store.restore(name))).isEqualTo(Kind.NOT_FOUND);
    }
    assertThat(store.list("")).isEmpty();
    assertThat(vault.get(mount + "/metadata/plain").status()).isEqualTo(404);
    Map<?, ?> kept = vault.get(mount + "/metadata/a").data();
    assertThat(kept.get("delete_version_after")).isEqualTo("1h30m0s");
    assertThat(kept.get("max_versions")).hasToString("3");
    assertThat(kept.get("cas_required")).isEqualTo(true);
    assertThat(kept.get("custom_metadata")).isNull();
    try (SecretValue value = SecretValue.of("two")) {
      assertThat(store.put(PutRequest.createOnly("a", value)).version()).isEqualTo("1");
    }
    assertThat(store.describe("a")).containsKey("expires");
  }

  @Test
  void destroyedVersionIsGoneAndTheNextPutGoesOn() {
    VaultTestServer.put(store, "a", "one");
    VaultTestServer.put(store, "a", "two");
    vault.does(mount + "/destroy/a", Map.of("versions", List.of(2)));
    assertThat(kind(() -> store.fetch("a"))).isEqualTo(Kind.NOT_FOUND);
    assertThat(kind(() -> store.fetchVersion("a", "2"))).isEqualTo(Kind.VERSION_NOT_FOUND);
    assertThat(VaultTestServer.textOf(store.fetchVersion("a", "1"))).isEqualTo("one");
    try (SecretValue value = SecretValue.of("x")) {
      assertThat(kind(() -> store.put(PutRequest.createOnly("a", value)))).isEqualTo(Kind.CONFLICT);
    }
    assertThat(VaultTestServer.put(store, "a", "three")).isEqualTo("3");
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("three");
  }

  @Test
  void factsAreToldWithoutTheValueAndWithoutWhatIsInCustomMetadata() {
    VaultTestServer.put(store, "a", "canary-value");
    vault.does(mount + "/metadata/a", Map.of("custom_metadata", Map.of("owner", "canary-person")));
    assertThat(store.describe("a"))
        .containsEntry("custom metadata", "owner")
        .containsEntry("version", "1")
        .containsEntry("path", mount + "/data/a");
    assertThat(store.describe("a").toString()).doesNotContain("canary");
    assertThat(store.check())
        .containsEntry("kv version", "2")
        .containsEntry("policies", "root")
        .containsKey("server")
        .doesNotContainValue(vault.rootToken());
  }

  @Test
  void secretOfMetadataAloneIsNotThereAndCanBeWritten() {
    vault.does(mount + "/metadata/a", Map.of("max_versions", 3));
    assertThat(kind(() -> store.fetch("a"))).isEqualTo(Kind.NOT_FOUND);
    assertThat(store.list("")).isEmpty();
    assertThat(kind(() -> store.delete("a"))).isEqualTo(Kind.NOT_FOUND);
    VaultTestServer.put(store, "a", "one");
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("one");
  }

  @Test
  void wrongVersionOfTheEngineIsFoundBeforeAWrite() {
    try (VaultStore asOne = open(1)) {
      assertThat(kind(() -> VaultTestServer.put(asOne, "a", "x"))).isEqualTo(Kind.CONFIGURATION);
      assertThat(kind(() -> asOne.fetch("a"))).isEqualTo(Kind.CONFIGURATION);
    }
    mount = vault.newMount(1);
    try (VaultStore asTwo = open(2)) {
      assertThat(kind(() -> VaultTestServer.put(asTwo, "a", "x"))).isEqualTo(Kind.CONFIGURATION);
      assertThat(vault.get(mount + "/data/a").status()).isEqualTo(404);
      assertThat(asTwo.check()).containsEntry("kv version", "1");
    }
    mount = "nowhere";
    try (VaultStore lost = open(2)) {
      assertThat(kind(() -> lost.fetch("a"))).isEqualTo(Kind.CONFIGURATION);
    }
  }

  @Test
  void versionOneKeepsAnIdBesideTheValue() {
    mount = vault.newMount(1);
    try (VaultStore one = open(1)) {
      vault.does(mount + "/a", Map.of("value", "by hand", "more", "kept"));
      assertThat(one.fetch("a").version()).isEqualTo(SeenValues.FIRST);
      String version = VaultTestServer.put(one, "a", "ours");
      assertThat(version).matches("[0-9]{13}-[0-9a-f]{16}");
      assertThat(one.fetch("a").version()).isEqualTo(version);
      assertThat(vault.get(mount + "/a").data().toString())
          .contains("more=kept")
          .contains("value=ours")
          .contains("value-version=" + version);
      vault.does(mount + "/a", Map.of("value", "ours", "value-version", "not-one"));
      assertThat(one.fetch("a").version()).startsWith(SeenValues.FIRST);
    }
  }

  /** KV v1 keeps no version, and somebody else writes none beside the value. */
  @Test
  void versionOneShowsThatSomebodyElseChangedAValue() throws Exception {
    mount = vault.newMount(1);
    vault.does(mount + "/a", Map.of("value", "first"));
    List<String> events = new CopyOnWriteArrayList<>();
    CountDownLatch rotated = new CountDownLatch(1);
    try (SecretProvider provider =
        SecretProvider.builder().store(open(1)).environment(Map.of()).build()) {
      assertThat(provider.get("a").asString()).isEqualTo("first");
      provider.onChange(
          "a",
          event -> {
            events.add(event.toString());
            rotated.countDown();
          });
      String version = provider.refresh("a").version();
      assertThat(provider.refresh("a").version()).isEqualTo(version);
      vault.does(mount + "/a", Map.of("value", "second"));
      Secret changed = provider.refresh("a");
      assertThat(changed.asString()).isEqualTo("second");
      assertThat(changed.version()).isNotEqualTo(version);
      assertThat(rotated.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(events).hasSize(1);
    }
  }

  /** The version of such a value is a number of this store, and no digest of the value. */
  @Test
  void versionsOfSeenValuesAreNumbers() {
    SeenValues seen = new SeenValues();
    assertThat(
            Stream.of("x", "x", "y", "x", "x")
                .map(text -> seen.version("a#value", SecretValue.of(text))))
        .containsExactly(
            "unversioned", "unversioned", "unversioned-2", "unversioned-3", "unversioned-3");
    assertThat(seen.version("b#value", SecretValue.of("x"))).isEqualTo("unversioned");
    assertThat(seen).hasToString("SeenValues[redacted]");
  }

  /** Only OpenBao has the list with details, and few policies grant it. */
  @Test
  void listWithoutTheRightToDetailsIsRefusedOnce() {
    for (String name : List.of("a/b/c/d", "a/e/f", "g/h", "i")) {
      VaultTestServer.put(store, name, "v");
    }
    vault.does(
        "sys/policies/acl/lister",
        Map.of(
            "policy", "path \"" + mount + "/metadata/*\" { capabilities = [\"list\", \"read\"] }"));
    Map<?, ?> auth =
        Json.object(
            vault.does("auth/token/create", Map.of("policies", List.of("lister"))).document(),
            "auth");
    int before = vault.auditLog().size();
    try (VaultStore lister =
        VaultTestServer.open(
            vault.settings(mount, 2, Map.of("token", Json.text(auth, "client_token"))))) {
      assertThat(lister.list("")).containsExactly("a/b/c/d", "a/e/f", "g/h", "i");
    }
    assertThat(
            vault.auditLog().stream()
                .skip(before)
                .filter(line -> line.contains("\"type\":\"response\""))
                .filter(line -> line.contains("/detailed-metadata/")))
        .hasSize(1);
  }

  @Test
  void promotionSaysHowToPutTheOldValueAgain() {
    String version = VaultTestServer.put(store, "prod/key", "one");
    assertThat(
            catchThrowableOfType(SecretException.class, () -> store.promote("prod/key", version)))
        .hasMessageContaining(
            "secrets get 'prod/key' --version "
                + version
                + " | secrets put 'prod/key' --plain --stdin");
  }

  @Test
  void listLooksOnlyIntoFoldersThatCanHoldThePrefix() {
    for (String name : List.of("prod/a", "prod/b/c", "test/a", "prod", "prodx/y")) {
      VaultTestServer.put(store, name, "v");
    }
    int before = vault.auditLog().size();
    assertThat(store.list("prod/b")).containsExactly("prod/b/c");
    List<String> asked =
        vault.auditLog().stream().skip(before).filter(l -> l.contains("\"list\"")).toList();
    assertThat(asked).hasSize(4).noneMatch(line -> line.contains("/test"));
    assertThat(store.list("prod")).containsExactly("prod", "prod/a", "prod/b/c", "prodx/y");
    assertThat(store.list("no//where/")).isEmpty();
  }

  /** A request for each folder, one after the other: together they take longer than a call may. */
  @Test
  void aListOfManyFoldersHasTheTimeForEach() {
    Duration timeout = Duration.ofSeconds(3);
    for (int i = 0; i < 11; i++) {
      VaultTestServer.put(store, "folder" + i + "/NAME", "v");
    }
    try (FaultProxy slow =
        FaultProxy.to(vault.uri()).trusting(VaultTestServer.trusting(vault.caFile())).start()) {
      AtomicInteger lists = new AtomicInteger();
      slow.intercept(
          request -> {
            if (request.target().contains("metadata")) {
              lists.incrementAndGet();
              LockSupport.parkNanos(timeout.toNanos() / 10);
            }
            return null;
          });
      Map<String, String> settings = vault.rootSettings(mount, 2);
      settings.put(SettingKeys.ADDRESS.name(), slow.uri().toString());
      settings.remove(SettingKeys.CA_FILE.name()); // of the server behind it
      long begun = System.nanoTime();
      try (SecretProvider provider =
          SecretProvider.builder()
              .environment(Map.of())
              .set("timeout", "3s")
              .set("retries", "0")
              .store(VaultTestServer.open(settings, timeout))
              .build()) {
        assertThat(provider.list("folder")).hasSize(11);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(timeout);
      assertThat(lists).hasValue(12);
    }
  }
}
