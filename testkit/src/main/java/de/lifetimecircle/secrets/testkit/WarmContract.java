package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Point 15, warm and again: a provider that has already answered sees the writes of another
 * process, in each way to learn of them, and sees the next write too.
 */
interface WarmContract extends ContractSubject {

  @ParameterizedTest
  @EnumSource(WarmProvider.Way.class)
  default void warmProviderFollowsPutsOfAnother(WarmProvider.Way way) {
    requires(Capability.WRITE);
    ContractClient elsewhere = client();
    elsewhere.put(NAME, "0");
    WarmProvider warm = new WarmProvider(this, NAME);
    for (int round = 1; round <= 2; round++) {
      String text = String.valueOf(round);
      String version = elsewhere.put(NAME, text).version();
      warm.learn(way, () -> warm.valid().get(0).equals(text));
      warm.says(text);
      assertThat(warm.lastRotation()).isEqualTo(version);
      if (can(Capability.VERSIONS)) {
        assertThat(warm.valid()).containsExactly(text, String.valueOf(round - 1));
        assertThat(warm.staged(Stage.PREVIOUS)).isEqualTo(String.valueOf(round - 1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WarmProvider.Way.class)
  default void warmProviderFollowsRotationsOfAnother(WarmProvider.Way way) {
    requires(Capability.STAGES);
    ContractClient elsewhere = client();
    elsewhere.put(NAME, "0");
    WarmProvider warm = new WarmProvider(this, NAME);
    for (int round = 1; round <= 2; round++) {
      String old = String.valueOf(round - 1);
      String text = String.valueOf(round);
      String version = elsewhere.pending(NAME, text).version();
      warm.learn(way, () -> warm.valid().contains(text));
      warm.says(old);
      assertThat(warm.valid()).endsWith(text);
      assertThat(warm.staged(Stage.PENDING)).isEqualTo(text);
      elsewhere.promote(NAME, version);
      warm.learn(way, () -> warm.valid().get(0).equals(text));
      warm.says(text);
      assertThat(warm.valid()).containsExactly(text, old);
      assertThat(warm.staged(Stage.PREVIOUS)).isEqualTo(old);
      assertThat(warm.staged(Stage.PENDING)).isEqualTo("none");
      assertThat(warm.lastRotation()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT24H", "-PT1H", "PT1H", "PT24H"})
  default void warmProviderFollowsWhateverTheClockIsSetTo(String step) {
    requires(Capability.WRITE);
    ContractClient elsewhere = client();
    elsewhere.put(NAME, "0");
    WarmProvider warm = new WarmProvider(this, NAME);
    for (String text : List.of("1", "2")) {
      elsewhere.put(NAME, text);
      warm.ticker.step(Duration.parse(step));
      WarmProvider.Way way =
          text.equals("1") ? WarmProvider.Way.NEWEST : WarmProvider.Way.NEWEST_LIST;
      warm.learn(way, () -> warm.valid().get(0).equals(text));
      warm.says(text);
    }
  }

  @Test
  default void warmWriterLosesAgainstAnotherAndWinsNext() {
    requires(Capability.WRITE, Capability.PUT_IF_VERSION);
    ContractClient elsewhere = client();
    SecretWriter writer = writer();
    String known = writer.put(NAME, SecretValue.of("0")).version();
    for (int round = 1; round <= 2; round++) {
      String mine = "mine " + round;
      String stale = known;
      assertThat(writer.provider().get(NAME).version()).isEqualTo(stale);
      String theirs = elsewhere.putIf(NAME, stale, "theirs " + round).version();
      fails(Kind.CONFLICT, () -> writer.putIfVersion(NAME, stale, SecretValue.of("lost " + stale)));
      assertThat(writer.provider().get(NAME, Duration.ZERO).version()).isEqualTo(theirs);
      known = writer.putIfVersion(NAME, theirs, SecretValue.of(mine)).version();
      assertThat(writer.provider().get(NAME).asString()).isEqualTo(mine);
      assertThat(elsewhere.text(NAME)).isEqualTo(mine);
    }
  }

  @Test
  default void warmProviderSeesDeletionAndRestorationByAnother() {
    requires(Capability.WRITE, Capability.DELETE, Capability.RESTORE);
    requires(Capability.READ_AFTER_WRITE);
    ContractClient elsewhere = client();
    elsewhere.put(NAME, "held");
    WarmProvider warm = new WarmProvider(this, NAME);
    for (int round = 1; round <= 2; round++) {
      elsewhere.deletes().delete(NAME);
      fails(goneKinds(), () -> warm.provider.get(NAME, Duration.ZERO));
      fails(goneKinds(), () -> warm.provider.validVersions(NAME, Duration.ZERO));
      elsewhere.deletes().restore(NAME);
      warm.ticker.advance(Duration.ofMinutes(5)); // a failure is remembered for its time
      assertThat(warm.provider.get(NAME, Duration.ZERO).asString()).isEqualTo("held");
      assertThat(warm.provider.validVersions(NAME, Duration.ZERO).get(0).asString())
          .isEqualTo("held");
      warm.says("held");
    }
  }

  /**
   * Where ids are numbers, they begin with 1 again: an id alone does not tell two versions apart.
   */
  @ParameterizedTest
  @EnumSource(WarmProvider.Way.class)
  default void warmProviderFollowsANameThatWasPurgedAndMadeAgain(WarmProvider.Way way) {
    requires(Capability.WRITE, Capability.PURGE);
    ContractClient elsewhere = client();
    for (int served : List.of(1, 3)) {
      String name = "purged/after-" + served;
      elsewhere.put(name, "old 1");
      WarmProvider warm = new WarmProvider(this, name);
      for (int i = 2; i <= served; i++) {
        String old = "old " + i;
        elsewhere.put(name, old);
        warm.learn(way, () -> warm.valid().get(0).equals(old));
      }
      for (String text : List.of("new", "newer")) {
        if (text.equals("new")) {
          elsewhere.deletes().delete(name);
          elsewhere.deletes().purge(name);
        }
        int rotations = warm.rotations();
        String made = elsewhere.put(name, text).version();
        warm.learn(way, () -> warm.valid().get(0).equals(text));
        warm.says(text);
        assertThat(warm.valid()).doesNotContain("old " + served);
        assertThat(warm.lastRotation()).as("after %s old versions", served).isEqualTo(made);
        assertThat(warm.rotations() - rotations).isEqualTo(1);
      }
    }
  }

  @Test
  default void refreshOfAFollowedNameListsOnceAndReadsNoValueAgain() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient elsewhere = client();
    elsewhere.put(NAME, "0");
    elsewhere.put(NAME, "1");
    WarmProvider warm = new WarmProvider(this, NAME);
    for (WarmProvider.Way way : WarmProvider.Way.values()) {
      // The first list after a value was taken over from another answer may read it once more.
      warm.provider.refresh(NAME);
      int lists = warm.watched.calls("versions");
      int values = warm.watched.calls("fetchVersion");
      int current = warm.watched.calls("fetch") + warm.watched.calls("fetchUnless");
      warm.learn(way, () -> true);
      assertThat(warm.watched.calls("versions") - lists).as("lists by %s", way).isEqualTo(1);
      assertThat(warm.watched.calls("fetchVersion") - values).as("values by %s", way).isZero();
      assertThat(warm.watched.calls("fetch") + warm.watched.calls("fetchUnless") - current)
          .as("reads of the current version by %s", way)
          .isEqualTo(way == WarmProvider.Way.NEWEST_LIST ? 0 : 1);
    }
  }
}
