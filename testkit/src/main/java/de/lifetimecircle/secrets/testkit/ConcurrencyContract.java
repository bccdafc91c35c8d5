package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Point 10, concurrency: one call for many readers, clean interrupts, clear ends. */
interface ConcurrencyContract extends ContractSubject {

  @Test
  default void sixtyFourReadersOfAColdNameCostOneCall() throws Exception {
    seed(NAME, "held");
    WatchedStore watched = new WatchedStore(settled());
    SecretProvider provider = closing(builder(watched.proxy()).build());
    watched.hold();
    AtomicBoolean released = new AtomicBoolean();
    List<SimultaneousThreads.Outcome<Secret>> outcomes =
        SimultaneousThreads.run(
            64,
            i ->
                () -> {
                  if (i == 0) {
                    SimultaneousThreads.until("a call is under way", () -> watched.reads() > 0);
                    released.set(true);
                    watched.letGo();
                  }
                  return provider.get(NAME);
                });
    assertThat(released).isTrue();
    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome.get().asString()).isEqualTo("held"));
    assertThat(watched.reads()).isEqualTo(1);
  }

  @Test
  default void sixtyFourReadersOfAMissingNameCostOneCall() throws Exception {
    WatchedStore watched = new WatchedStore(settled());
    SecretProvider provider = closing(builder(watched.proxy()).build());
    List<SimultaneousThreads.Outcome<Secret>> outcomes =
        SimultaneousThreads.run(64, i -> () -> provider.get(MISSING));
    assertThat(outcomes)
        .allSatisfy(
            o ->
                assertThat(o.failure())
                    .isInstanceOfSatisfying(
                        SecretException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND)));
    assertThat(watched.reads()).isEqualTo(1);
  }

  @Test
  default void interruptOfAWaitingReaderIsHonoured() throws Exception {
    seed(NAME, "held");
    WatchedStore watched = new WatchedStore(settled());
    SecretProvider provider = closing(builder(watched.proxy()).build());
    watched.hold();
    assertThat(interruptedBy(watched, () -> provider.get(NAME)))
        .isEqualTo("INTERRUPTED, flag true");
    watched.letGo();
    assertThat(provider.get(NAME).asString()).isEqualTo("held");
  }

  @Test
  default void closeEndsACallUnderWay() throws Exception {
    seed(NAME, "held");
    WatchedStore watched = new WatchedStore(settled());
    SecretProvider provider = closing(builder(watched.proxy()).build());
    watched.hold();
    AtomicReference<String> end = new AtomicReference<>("none");
    Thread reader = reading(() -> provider.get(NAME), end);
    SimultaneousThreads.until("a call is under way", () -> watched.reads() > 0);
    provider.close();
    watched.letGo();
    reader.join(30_000);
    assertThat(end.get()).isEqualTo("CLOSED, flag false");
  }

  /** How a call ends whose thread is interrupted once the store has it. */
  static String interruptedBy(WatchedStore watched, Runnable call) throws Exception {
    AtomicReference<String> end = new AtomicReference<>("none");
    Thread reader = reading(call, end);
    SimultaneousThreads.until("a call is under way", () -> watched.reads() > 0);
    reader.interrupt();
    reader.join(30_000);
    return String.valueOf(end.get());
  }

  private static Thread reading(Runnable call, AtomicReference<String> end) {
    Thread reader =
        new Thread(
            () -> {
              try {
                call.run();
                end.set("an answer");
              } catch (SecretException e) {
                end.set(e.kind() + ", flag " + Thread.currentThread().isInterrupted());
              }
            });
    reader.start();
    return reader;
  }

  @Test
  default void storeHonoursAnInterrupt() throws Exception {
    requires(Fault.HANG);
    seed(NAME, "held");
    WatchedStore watched = new WatchedStore(client().store());
    SecretStore store = watched.proxy();
    faults().inject(Fault.HANG, NAME);
    assertThat(interruptedBy(watched, () -> store.fetch(NAME))).isEqualTo("INTERRUPTED, flag true");
    faults().clear();
    assertThat(client().text(NAME)).isEqualTo("held");
  }

  @Test
  default void interruptedThreadIsAnsweredOrToldSo() {
    seed(NAME, "held");
    ContractClient client = client();
    Thread.currentThread().interrupt();
    boolean kept;
    try {
      assertThat(client.text(NAME)).isEqualTo("held");
    } catch (SecretException e) {
      assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
    } finally {
      kept = Thread.interrupted();
    }
    assertThat(kept).as("the interrupt flag is kept").isTrue();
    assertThat(client.text(NAME)).isEqualTo("held");
  }

  @Test
  default void closedStoreFailsClearlyAndCloseIsIdempotent() {
    seed(NAME, "held");
    SecretStore store = open();
    store.close();
    String id = can(Capability.VERSIONS) ? client().ids(NAME).get(0) : "";
    store.close();
    fails(Kind.CLOSED, () -> store.fetch(NAME));
    fails(Kind.CLOSED, () -> store.describe(NAME));
    fails(Kind.CLOSED, store::check);
    abilitiesFail(new ContractClient(store), id);
    assertThat(client().text(NAME)).isEqualTo("held");
  }

  private void abilitiesFail(ContractClient closed, String id) {
    if (can(Capability.WRITE)) {
      fails(Kind.CLOSED, () -> closed.put(NAME, "late"));
    }
    if (can(Capability.VERSIONS)) {
      fails(Kind.CLOSED, () -> closed.versions(NAME));
      fails(Kind.CLOSED, () -> closed.textOf(NAME, id));
    }
    if (can(Capability.STAGES)) {
      fails(Kind.CLOSED, () -> closed.promote(NAME, id));
    }
    if (can(Capability.LIST)) {
      fails(Kind.CLOSED, () -> closed.list(""));
    }
    if (can(Capability.BATCH)) {
      fails(Kind.CLOSED, () -> at(closed.fetchAll(List.of(NAME)), NAME).orElseThrow());
    }
    if (can(Capability.DELETE)) {
      fails(Kind.CLOSED, () -> closed.deletes().delete(NAME));
    }
    if (can(Capability.RESTORE)) {
      fails(Kind.CLOSED, () -> closed.deletes().restore(NAME));
    }
    if (can(Capability.PURGE)) {
      fails(Kind.CLOSED, () -> closed.deletes().purge(NAME));
    }
  }

  @Test
  default void closedProviderFailsClearlyAndCloseIsIdempotent() {
    seed(NAME, "held");
    SecretProvider provider = provider();
    assertThat(provider.get(NAME).asString()).isEqualTo("held");
    provider.close();
    provider.close();
    fails(Kind.CLOSED, () -> provider.get(NAME));
    fails(Kind.CLOSED, () -> provider.refresh(NAME));
    fails(Kind.CLOSED, provider::check);
  }

  @Test
  default void closedWriterWritesNothing() {
    requires(Capability.WRITE);
    client().put(NAME, "held");
    SecretWriter writer = writer();
    writer.close();
    writer.close();
    fails(Kind.CLOSED, () -> writer.put(NAME, SecretValue.of("late")));
    assertThat(client().text(NAME)).isEqualTo("held");
  }

  @Test
  default void closeOfOneClientLeavesTheOthersAlone() {
    seed(NAME, "held");
    ContractClient client = client();
    open().close();
    assertThat(client.text(NAME)).isEqualTo("held");
  }

  @Test
  default void writersOfDifferentNamesDoNotDisturbEachOther() throws Exception {
    requires(Capability.WRITE);
    ContractClient shared = client();
    List<SimultaneousThreads.Outcome<Object>> outcomes =
        SimultaneousThreads.run(8, i -> () -> shared.put("many/NAME_" + i, "value " + i));
    assertThat(outcomes).allSatisfy(o -> assertThat(o.failure()).isNull());
    ContractClient reader = client();
    for (int i = 0; i < 8; i++) {
      assertThat(reader.text("many/NAME_" + i)).isEqualTo("value " + i);
    }
  }

  /** A service has one store, and many threads that read through it. */
  @Test
  default void readersOfOneClientDoNotDisturbEachOther() throws Exception {
    for (int i = 0; i < 4; i++) {
      seed("many/NAME_" + i, "value " + i);
    }
    ContractClient shared = client();
    List<SimultaneousThreads.Outcome<Set<String>>> outcomes =
        SimultaneousThreads.run(
            8,
            i ->
                () ->
                    IntStream.range(0, 10)
                        .mapToObj(n -> shared.text("many/NAME_" + i % 4))
                        .collect(Collectors.toSet()));
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(outcomes.get(i).get())
          .as("reads of NAME_%s", i % 4)
          .containsOnly("value " + i % 4);
    }
  }

  @Test
  default void readersNeverSeeAHalfWrittenValue() throws Exception {
    requires(Capability.WRITE);
    int size = Math.min(1000, limits().maxBytes());
    List<String> values = IntStream.range(0, 4).mapToObj(i -> ("" + i).repeat(size)).toList();
    ContractClient writer = client();
    writer.put(NAME, values.get(0));
    List<ContractClient> readers = IntStream.range(0, 3).mapToObj(i -> client()).toList();
    List<SimultaneousThreads.Outcome<Boolean>> outcomes =
        SimultaneousThreads.run(
            4,
            i ->
                () ->
                    IntStream.range(0, 12)
                        .allMatch(
                            n ->
                                i == 3
                                    ? !writer.put(NAME, values.get(n % 4)).version().isEmpty()
                                    : values.contains(readers.get(i).text(NAME))));
    for (SimultaneousThreads.Outcome<Boolean> outcome : outcomes) {
      assertThat(outcome.get()).as("each read is one of the values that were written").isTrue();
    }
  }
}
