package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Point 4, writes: conditions hold, racing writers lose nothing, an equal value makes no version.
 */
interface WriteContract extends ContractSubject {

  @Test
  default void firstPutCreatesAndTheNextUpdates() {
    requires(Capability.WRITE);
    ContractClient client = client();
    PutResult first = client.put(NAME, "one");
    PutResult second = client.put(NAME, "two");
    assertThat(first.outcome()).isEqualTo(Outcome.CREATED);
    assertThat(second.outcome()).isEqualTo(Outcome.UPDATED);
    assertThat(second.version()).isNotEqualTo(first.version());
    assertThat(client.store().fetch(NAME).version()).isEqualTo(second.version());
    assertThat(client.text(NAME)).isEqualTo("two");
  }

  @Test
  default void equalPutIsUnchangedAndMakesNoVersion() {
    requires(Capability.WRITE);
    ContractClient client = client();
    PutResult first = client.put(NAME, "same");
    PutResult again = client().put(NAME, "same");
    assertThat(again).isEqualTo(new PutResult(first.version(), Outcome.UNCHANGED));
    if (can(Capability.VERSIONS)) {
      assertThat(client.ids(NAME)).containsExactly(first.version());
    }
  }

  @Test
  default void valueOfAnOldVersionIsAChange() {
    requires(Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "one");
    client.put(NAME, "two");
    assertThat(client.put(NAME, "one").outcome()).isEqualTo(Outcome.UPDATED);
    assertThat(client.text(NAME)).isEqualTo("one");
  }

  @Test
  default void repeatedPutIsDoneOnce() {
    requires(Capability.REPEATABLE_PUT);
    ContractClient client = client();
    client.put(NAME, "one");
    try (SecretValue value = SecretValue.of("two")) {
      PutRequest request = PutRequest.always(NAME, value);
      PutResult first = client.writes().put(request);
      String later = client.put(NAME, "three").version();
      // As after an answer that was lost on the way: the same write comes once more.
      assertThat(client().writes().put(request).version()).isEqualTo(first.version());
      assertThat(client.text(NAME)).isEqualTo("three");
      if (can(Capability.VERSIONS)) {
        assertThat(client.ids(NAME)).startsWith(later, first.version()).doesNotHaveDuplicates();
        assertThat(client.ids(NAME)).as("one, two and three").hasSizeLessThanOrEqualTo(3);
      }
    }
  }

  @Test
  default void repeatedCreateIsDoneOnce() {
    requires(Capability.REPEATABLE_PUT, Capability.CREATE_ONLY);
    try (SecretValue value = SecretValue.of("made")) {
      PutRequest request = PutRequest.createOnly(NAME, value);
      PutResult first = client().writes().put(request);
      assertThat(client().writes().put(request).version()).isEqualTo(first.version());
    }
    assertThat(client().text(NAME)).isEqualTo("made");
    fails(Kind.CONFLICT, () -> client().create(NAME, "made"));
  }

  @Test
  default void writtenValueStaysTheCallers() {
    requires(Capability.WRITE);
    ContractClient client = client();
    try (SecretValue value = SecretValue.of("mine")) {
      client.writes().put(PutRequest.always(NAME, value));
      assertThat(value.asString()).isEqualTo("mine");
    }
    assertThat(client.text(NAME)).isEqualTo("mine");
  }

  @Test
  default void createOnlyRefusesANameThatExists() {
    requires(Capability.CREATE_ONLY);
    ContractClient client = client();
    assertThat(client.create(NAME, "first").outcome()).isEqualTo(Outcome.CREATED);
    SecretException failure = fails(Kind.CONFLICT, () -> client().create(NAME, "second"));
    assertThat(failure.name()).contains(NAME);
    fails(Kind.CONFLICT, () -> client.create(NAME, "first"));
    assertThat(client.text(NAME)).isEqualTo("first");
  }

  @Test
  default void putIfVersionSucceedsAndConflicts() {
    requires(Capability.PUT_IF_VERSION);
    ContractClient client = client();
    String first = client.put(NAME, "one").version();
    PutResult second = client.putIf(NAME, first, "two");
    assertThat(second.outcome()).isEqualTo(Outcome.UPDATED);
    fails(Kind.CONFLICT, () -> client.putIf(NAME, first, "three"));
    fails(Kind.CONFLICT, () -> client().putIf(NAME, "no-such-version", "three"));
    assertThat(client.text(NAME)).isEqualTo("two");
    assertThat(client.putIf(NAME, second.version(), "two").outcome()).isEqualTo(Outcome.UNCHANGED);
  }

  @Test
  default void putIfVersionOfAMissingNameWritesNothing() {
    requires(Capability.PUT_IF_VERSION);
    ContractClient client = client();
    fails(Kind.CONFLICT, () -> client.putIf(MISSING, "1", "value"));
    fails(Kind.NOT_FOUND, () -> client.store().fetch(MISSING));
  }

  @Test
  default void oneOfManyRacingCreatorsWins() throws Exception {
    requires(Capability.CREATE_ONLY);
    List<ContractClient> clients = IntStream.range(0, 8).mapToObj(i -> client()).toList();
    List<SimultaneousThreads.Outcome<PutResult>> outcomes =
        SimultaneousThreads.run(8, i -> () -> clients.get(i).create(NAME, "racer " + i));
    assertThat(winners(outcomes)).as("the racers whose create succeeded").hasSize(1);
    assertThat(client().text(NAME)).isEqualTo("racer " + winners(outcomes).get(0));
  }

  @Test
  default void oneOfManyRacingPutsIfVersionWins() throws Exception {
    requires(Capability.PUT_IF_VERSION);
    String version = client().put(NAME, "start").version();
    List<ContractClient> clients = IntStream.range(0, 8).mapToObj(i -> client()).toList();
    List<SimultaneousThreads.Outcome<PutResult>> outcomes =
        SimultaneousThreads.run(8, i -> () -> clients.get(i).putIf(NAME, version, "racer " + i));
    assertThat(winners(outcomes)).as("the racers whose putIfVersion succeeded").hasSize(1);
    assertThat(client().text(NAME)).isEqualTo("racer " + winners(outcomes).get(0));
  }

  /** Returns the writers that succeeded; every other writer must have got a conflict. */
  private static List<Integer> winners(List<SimultaneousThreads.Outcome<PutResult>> outcomes) {
    List<Integer> winners = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i).failure() == null) {
        winners.add(i);
      } else {
        assertThat(outcomes.get(i).failure())
            .isInstanceOfSatisfying(
                SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
      }
    }
    return winners;
  }

  @Test
  default void racingCountersLoseNoUpdate() throws Exception {
    requires(Capability.PUT_IF_VERSION);
    client().put(NAME, "0");
    List<ContractClient> clients = IntStream.range(0, 4).mapToObj(i -> client()).toList();
    List<SimultaneousThreads.Outcome<Integer>> outcomes =
        SimultaneousThreads.run(
            4, i -> () -> IntStream.range(0, 5).map(n -> increment(clients.get(i))).sum());
    assertThat(outcomes).allSatisfy(o -> assertThat(o.failure()).isNull());
    assertThat(client().text(NAME))
        .as("20 increments, each by a putIfVersion that succeeded")
        .isEqualTo("20");
  }

  private static int increment(ContractClient client) {
    while (true) {
      var read = client.store().fetch(NAME);
      String next = String.valueOf(Integer.parseInt(ContractClient.textOf(read)) + 1);
      try {
        client.putIf(NAME, read.version(), next);
        return 1;
      } catch (SecretException e) {
        if (e.kind() != Kind.CONFLICT) {
          throw e;
        }
      }
    }
  }

  @Test
  default void racingPlainPutsAllLandAndOneIsCurrent() throws Exception {
    requires(Capability.WRITE);
    client().put(NAME, "start");
    int racers = Math.min(4, limits().retained());
    List<ContractClient> clients = IntStream.range(0, racers).mapToObj(i -> client()).toList();
    List<SimultaneousThreads.Outcome<PutResult>> outcomes =
        SimultaneousThreads.run(racers, i -> () -> clients.get(i).put(NAME, "racer " + i));
    assertThat(outcomes).allSatisfy(o -> assertThat(o.failure()).isNull());
    assertThat(client().text(NAME)).startsWith("racer ");
    if (can(Capability.VERSIONS)) {
      assertThat(client().ids(NAME))
          .containsAll(outcomes.stream().map(o -> o.get().version()).toList())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  default void writersPutIsServedNext() {
    requires(Capability.WRITE);
    SecretWriter writer = writer();
    writer.put(NAME, SecretValue.of("one"));
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("one");
    PutResult second = writer.put(NAME, SecretValue.of("two"));
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("two");
    assertThat(writer.provider().get(NAME).version()).isEqualTo(second.version());
  }

  /**
   * A store that remembers its own writes, for a backend that shows them late, knows later ones.
   */
  @Test
  default void writerReadsWhatOthersHaveWrittenSince() {
    requires(Capability.WRITE);
    ContractClient writer = client();
    ContractClient other = client();
    writer.put(NAME, "mine");
    other.put(NAME, "second");
    other.put(NAME, "third");
    assertThat(writer.text(NAME)).isEqualTo("third");
    PutResult again = writer.put(NAME, "mine");
    assertThat(again.outcome()).isEqualTo(Outcome.UPDATED);
    assertThat(other.text(NAME)).isEqualTo("mine");
    if (can(Capability.PUT_IF_VERSION)) {
      String mine = writer.putIf(NAME, again.version(), "mine too").version();
      String second = other.putIf(NAME, mine, "second").version();
      other.putIf(NAME, second, "third");
      assertThat(writer.text(NAME)).isEqualTo("third");
    }
  }
}
