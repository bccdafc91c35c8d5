package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Point 3, versions: ids stay readable, the order is total and stable, nothing is mixed up. */
interface VersionContract extends ContractSubject {

  /** Puts values 0, 1, 2 … and gives the ids, oldest first. */
  private List<String> putSeveral(ContractClient client, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(client.put(NAME, "value " + i).version());
    }
    return ids;
  }

  private int several() {
    return Math.min(6, limits().retained());
  }

  @Test
  default void idStaysReadableAfterMorePuts() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> ids = putSeveral(client, several());
    ContractClient second = client();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(client.textOf(NAME, ids.get(i))).isEqualTo("value " + i);
      assertThat(second.textOf(NAME, ids.get(i))).isEqualTo("value " + i);
    }
  }

  /** A verifier no longer accepts a retired version, however the backend marks it. */
  @Test
  default void whatIsRetiredIsNotPrevious() {
    requires(Capability.VERSIONS, Capability.WRITE);
    SecretWriter writer = writer();
    String first = writer.put(NAME, SecretValue.of("one")).version();
    String second = writer.put(NAME, SecretValue.of("two")).version();
    if (writer.unwrap(RetiringStore.class).isEmpty()) {
      fails(Kind.UNSUPPORTED, () -> writer.retire(NAME, first));
      return;
    }
    fails(Kind.CONFLICT, () -> writer.retire(NAME, second));
    writer.retire(NAME, first);
    writer.retire(NAME, first);
    SecretProvider provider = writer.provider();
    assertThat(provider.get(NAME, Duration.ZERO).asString()).isEqualTo("two");
    assertThat(provider.validVersions(NAME))
        .extracting(Secret::asString)
        .isNotEmpty()
        .containsOnly("two");
    writer.put(NAME, SecretValue.of("three"));
    assertThat(provider.validVersions(NAME))
        .extracting(Secret::asString)
        .containsOnly("three", "two");
  }

  /** A writer on a developer's machine, where a variable stands for the secret. */
  private SecretWriter writerBesideAnOverride() {
    return closing(builder(settled()).environment(Map.of("NAME_LOCAL", "override")).buildWriter());
  }

  @Test
  default void noOverrideIsWritten() {
    requires(Capability.VERSIONS, Capability.WRITE);
    SecretWriter writer = writerBesideAnOverride();
    String first = writer.put(NAME, SecretValue.of("one")).version();
    writer.put(NAME, SecretValue.of("two"));
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("two");
    if (writer.unwrap(RetiringStore.class).isPresent()) {
      writer.retire(NAME, first);
      assertThat(client().text(NAME)).isEqualTo("two");
    }
    if (can(Capability.STAGES)) {
      writer.put(NAME, SecretValue.of("three"));
      writer.rollback(NAME);
      assertThat(client().text(NAME)).isEqualTo("two");
    }
    for (SecretVersion version : client().versions(NAME)) {
      if (!version.stages().isEmpty()) { // a retired version need not be readable
        assertThat(client().textOf(NAME, version.id())).isIn("one", "two", "three");
      }
    }
  }

  /** A late retirement does no harm: another process has rotated on, or back. */
  @Test
  default void whatIsNotPreviousAnyMoreIsNotRetired() {
    requires(Capability.VERSIONS, Capability.WRITE);
    SecretWriter writer = writer();
    Assumptions.assumeTrue(writer.unwrap(RetiringStore.class).isPresent(), "it cannot retire");
    String first = writer.put(NAME, SecretValue.of("one")).version();
    writer.put(NAME, SecretValue.of("two"));
    assertThat(writer.provider().validVersions(NAME)).hasSize(2);
    String third = client().put(NAME, "three").version();
    writer.retire(NAME, first);
    assertThat(client().store().fetch(NAME).version()).isEqualTo(third);
    assertThat(writer.provider().validVersions(NAME))
        .extracting(Secret::asString)
        .containsExactly("three", "two");
    if (can(Capability.STAGES)) {
      client().promote(NAME, first);
      fails(Kind.CONFLICT, () -> writer.retire(NAME, first));
      assertThat(client().text(NAME)).isEqualTo("one");
    }
  }

  /** A rotation during a retirement: the version that it made current stays current. */
  @Test
  default void aRotationMeanwhileIsNotOverwritten() throws Exception {
    requires(Capability.VERSIONS, Capability.WRITE);
    SecretWriter writer = writer();
    Assumptions.assumeTrue(writer.unwrap(RetiringStore.class).isPresent(), "it cannot retire");
    ContractClient other = client();
    for (int round = 0; round < 8; round++) {
      String name = NAME + round;
      String old = writer.put(name, SecretValue.of("old")).version();
      writer.put(name, SecretValue.of("two"));
      for (SimultaneousThreads.Outcome<?> outcome :
          SimultaneousThreads.run(
              2, racer -> () -> racer == 0 ? retired(writer, name, old) : rotated(other, name))) {
        assertThat(outcome.failure()).as("round %s", round).isNull();
      }
      assertThat(client().text(name)).as("round %s", round).isEqualTo("rotated");
      assertThat(writer.provider().get(name, Duration.ZERO).asString()).isEqualTo("rotated");
      assertThat(writer.provider().validVersions(name))
          .extracting(Secret::asString)
          .as("round %s", round)
          .containsOnly("rotated", "two");
    }
  }

  private static String retired(SecretWriter writer, String name, String version) {
    writer.retire(name, version);
    return version;
  }

  /** In the steps of a rotation where the backend has them. */
  private String rotated(ContractClient client, String name) {
    if (!can(Capability.STAGES)) {
      return client.put(name, "rotated").version();
    }
    String pending = client.pending(name, "rotated").version();
    try {
      client.promote(name, pending);
    } catch (SecretException e) { // the copy that retires the old version came between
      assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
      client.promote(name, pending);
    }
    return pending;
  }

  @Test
  default void orderIsNewestFirstAndTheSameAtEveryCall() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> newestFirst = new ArrayList<>(putSeveral(client, several()));
    java.util.Collections.reverse(newestFirst);
    assertThat(client.ids(NAME)).isEqualTo(newestFirst);
    assertThat(client.versions(NAME)).isEqualTo(client.versions(NAME));
    assertThat(client().versions(NAME)).isEqualTo(client.versions(NAME));
    assertThat(new HashSet<>(newestFirst)).hasSameSizeAs(newestFirst);
  }

  @Test
  default void everyListedVersionCanBeRead() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    putSeveral(client, limits().retained() + 3);
    List<String> ids = client.ids(NAME);
    assertThat(ids).hasSizeGreaterThanOrEqualTo(limits().retained());
    for (String id : ids) {
      assertThat(client.textOf(NAME, id)).startsWith("value ");
    }
  }

  @Test
  default void eachStageHasAtMostOneVersion() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> ids = putSeveral(client, several());
    for (Stage stage : Stage.values()) {
      List<SecretVersion> holders =
          client.versions(NAME).stream().filter(v -> v.stages().contains(stage)).toList();
      assertThat(holders).as("versions that are %s", stage).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(client.staged(NAME, Stage.CURRENT)).contains(ids.get(ids.size() - 1));
  }

  @Test
  default void fetchReadsTheVersionThatIsCurrent() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> ids = putSeveral(client, 2);
    assertThat(client.store().fetch(NAME).version()).isEqualTo(ids.get(1));
    assertThat(client.text(NAME)).isEqualTo(client.textOf(NAME, ids.get(1)));
  }

  @Test
  default void previousIsRightAfterTwoPutsInOneSecond() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> ids = putSeveral(client, 2);
    assertThat(client.staged(NAME, Stage.PREVIOUS)).contains(ids.get(0));
    SecretProvider provider = provider();
    VersionSelector previous = VersionSelector.stage(Stage.PREVIOUS);
    assertThat(provider.get(NAME, previous).asString()).isEqualTo("value 0");
    assertThat(provider.get(NAME, VersionSelector.previous(1)).asString()).isEqualTo("value 0");
    assertThat(provider.get(NAME, VersionSelector.previous(0)).asString()).isEqualTo("value 1");
  }

  @Test
  default void changeIsNoticedWhenAStoreAsksFirst() {
    requires(Capability.WRITE);
    ContractClient client = client();
    Assumptions.assumeTrue(
        client.store() instanceof RevalidatingStore, "the store reads whenever it is asked");
    RevalidatingStore store = (RevalidatingStore) client.store();
    String first = client.put(NAME, "one").version();
    Instant made = client.created(NAME);
    for (int size : new int[] {3, 20_000}) {
      assertThat(store.fetchUnless(NAME, first, made, size).map(ContractClient::textOf))
          .isIn(Optional.empty(), Optional.of("one"));
    }
    assertThat(store.fetchUnless(NAME, first, made, 20_000)).isEmpty();
    String second = client.put(NAME, "two").version();
    for (int size : new int[] {3, 20_000}) {
      StoredSecret changed = store.fetchUnless(NAME, first, made, size).orElseThrow();
      assertThat(changed.version()).isEqualTo(second);
      assertThat(ContractClient.textOf(changed)).isEqualTo("two");
    }
    fails(Kind.NOT_FOUND, () -> store.fetchUnless(MISSING, first, made, 20_000));
  }

  @Test
  default void onlyVersionHasNoPrevious() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "only");
    assertThat(client.staged(NAME, Stage.PREVIOUS)).isEmpty();
    fails(
        Kind.VERSION_NOT_FOUND, () -> provider().get(NAME, VersionSelector.stage(Stage.PREVIOUS)));
    fails(Kind.VERSION_NOT_FOUND, () -> provider().get(NAME, VersionSelector.previous(1)));
  }

  @Test
  default void versionOfAnotherNameIsNotServed() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    List<String> ids = putSeveral(client, 3);
    client.put(OTHER, "other");
    Set<String> ofOther = new HashSet<>(client.ids(OTHER));
    for (String id : ids) {
      if (ofOther.contains(id)) {
        assertThat(client.textOf(OTHER, id)).isEqualTo("other");
      } else {
        fails(Kind.VERSION_NOT_FOUND, () -> client.versioned().fetchVersion(OTHER, id));
      }
    }
  }

  @Test
  default void timesOfCreationNeverFallFromOldToNew() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    putSeveral(client, 4);
    List<SecretVersion> newestFirst = client.versions(NAME);
    for (int i = 1; i < newestFirst.size(); i++) {
      assertThat(newestFirst.get(i - 1).created()).isAfterOrEqualTo(newestFirst.get(i).created());
    }
  }

  @Test
  default void secretSaysWhenItsVersionWasMade() {
    requires(Capability.VERSIONS, Capability.WRITE);
    // An emulator lists the second of the list as that of a version, so all of it is in one second.
    Instant now = InstantSource.system().instant();
    Instant next = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    LockSupport.parkNanos(Duration.between(now, next).toNanos());
    putSeveral(client(), 2);
    SecretProvider provider = provider();
    for (SecretVersion version : client().versions(NAME)) {
      Instant read =
          provider.get(NAME, VersionSelector.id(version.id())).created().orElse(Instant.EPOCH);
      assertThat(Duration.between(read, version.created()).abs())
          .as("%s, listed as of %s; a list may be more precise", read, version.created())
          .isLessThan(Duration.ofSeconds(1));
    }
    Secret current = provider.get(NAME);
    assertThat(provider.get(NAME, VersionSelector.id(current.version())).created())
        .isEqualTo(current.created());
  }

  @Test
  default void pinnedReadNeverBecomesLatest() {
    requires(Capability.VERSIONS, Capability.WRITE);
    List<String> ids = putSeveral(client(), 2);
    SecretProvider provider = provider();
    assertThat(provider.get(NAME, VersionSelector.id(ids.get(0))).asString()).isEqualTo("value 0");
    assertThat(provider.get(NAME).asString()).isEqualTo("value 1");
    assertThat(provider.get(NAME).version()).isEqualTo(ids.get(1));
  }

  @Test
  default void latestIsNeverHeldAsAPinnedId() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    String first = client.put(NAME, "first").version();
    SecretProvider provider = provider();
    assertThat(provider.get(NAME).asString()).isEqualTo("first");
    String second = client.put(NAME, "second").version();
    assertThat(provider.get(NAME, VersionSelector.id(second)).asString()).isEqualTo("second");
    assertThat(provider.get(NAME, VersionSelector.id(first)).asString()).isEqualTo("first");
    assertThat(provider.refresh(NAME).version()).isEqualTo(second);
    assertThat(provider.get(NAME, VersionSelector.id(first)).asString()).isEqualTo("first");
  }

  @Test
  default void verifierIsToldCurrentThenPrevious() {
    requires(Capability.VERSIONS, Capability.WRITE);
    putSeveral(client(), 3);
    assertThat(provider().validVersions(NAME))
        .extracting(secret -> secret.asString())
        .containsExactly("value 2", "value 1");
  }
}
