package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Points 11 and 12, logins and the wire: tests for backends behind a network only. */
interface RemoteContract extends ContractSubject {
  /** The faults that end by the deadline alone. */
  Set<Fault> ENDLESS = Set.of(Fault.HALF_OPEN, Fault.LATENCY, Fault.SLOW_BODY);

  /** The most connections that a client may open by default, with room for a login. */
  int MOST_CONNECTIONS = 24;

  @Test
  default void expiredLoginCostsOneNewLoginAndNoFailedRead() {
    requires(Fault.LOGIN_EXPIRED);
    Assumptions.assumeTrue(faults().logins().isPresent(), "the backend does not count logins");
    seed(NAME, "held");
    ContractClient client = client();
    assertThat(client.text(NAME)).isEqualTo("held");
    int before = faults().logins().getAsInt();
    faults().inject(Fault.LOGIN_EXPIRED, NAME);
    assertThat(client.text(NAME)).isEqualTo("held");
    assertThat(faults().logins().getAsInt() - before).isEqualTo(1);
  }

  @Test
  default void revokedLoginSurfacesOnceAndIsNoStorm() {
    requires(Fault.LOGIN_REVOKED);
    Assumptions.assumeTrue(faults().requests().isPresent(), "the backend does not count requests");
    seed(NAME, "held");
    SecretProvider provider = closing(builder(settled()).set("retries", "2").build());
    faults().inject(Fault.LOGIN_REVOKED, NAME);
    int before = faults().requests().getAsInt();
    fails(Kind.UNAUTHENTICATED, () -> provider.get(NAME));
    // One read, one attempt at a new login, one read with it: anything more is a storm.
    assertThat(faults().requests().getAsInt() - before).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {
        "REFUSED",
        "RESET_EARLY",
        "RESET",
        "HALF_OPEN",
        "LATENCY",
        "SLOW_BODY",
        "GARBAGE_BODY",
        "HTML_BODY",
        "UNKNOWN_CA",
        "WRONG_HOST",
        "EXPIRED_CERTIFICATE",
        "BUSY",
        "BUSY_WITH_TIME",
        "OVERLOADED",
        "OVERLOADED_WITH_TIME"
      })
  default void faultOnTheWireIsTypedAndInTime(Fault fault) {
    requires(fault);
    seed(NAME, "held");
    String deadline = ENDLESS.contains(fault) ? "2s" : "4s";
    SecretProvider provider = closing(builder(settled()).set("timeout", deadline).build());
    assertThat(provider.get(NAME).asString()).isEqualTo("held");
    Set<Thread> before = clientThreads();
    faults().inject(fault, NAME);
    long began = System.nanoTime();
    fails(fault.kinds(), () -> provider.refresh(NAME));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    fails(fault.kinds(), () -> client().store().check());
    faults().clear();
    answersAgain(provider);
    SimultaneousThreads.until(
        "the threads of the failed calls are gone",
        () -> clientThreads().size() <= before.size() + 4);
  }

  /** At the deadline its thread is interrupted, and serves the next call. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"HALF_OPEN", "LATENCY", "SLOW_BODY"})
  default void interruptEndsACallOnTheWire(Fault fault) throws Exception {
    requires(fault);
    seed(NAME, "held");
    WatchedStore watched = new WatchedStore(client().store());
    SecretStore store = watched.proxy();
    faults().inject(fault, NAME);
    assertThat(ConcurrencyContract.interruptedBy(watched, () -> store.fetch(NAME)))
        .isEqualTo("INTERRUPTED, flag true");
    faults().clear();
    assertThat(client().text(NAME)).isEqualTo("held");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"RESET_EARLY", "RESET", "LATENCY", "GARBAGE_BODY", "HTML_BODY", "OVERLOADED"})
  default void writeThroughAFaultIsDoneOrNotAndSaysSo(Fault fault) {
    requires(fault);
    requires(Capability.WRITE);
    client().put(NAME, "old");
    SecretWriter writer = closing(builder(settled()).set("timeout", "2s").buildWriter());
    faults().inject(fault, NAME);
    fails(fault.kinds(), () -> writer.put(NAME, SecretValue.of("new")));
    faults().clear();
    assertThat(client().text(NAME)).isIn("old", "new");
    client().put(NAME, "after");
    assertThat(client().text(NAME)).isEqualTo("after");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"BUSY_WITH_TIME", "OVERLOADED_WITH_TIME"})
  default void timeToWaitIsPassedOn(Fault fault) {
    requires(fault);
    seed(NAME, "held");
    ContractClient client = client();
    faults().inject(fault, NAME);
    SecretException failure = fails(fault.kinds(), () -> client.store().fetch(NAME));
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
  }

  @Test
  default void unknownHostIsUnavailable() {
    requires(Fault.NO_SUCH_HOST);
    faults().inject(Fault.NO_SUCH_HOST, NAME);
    SecretProvider provider = closing(builder(settled()).set("timeout", "5s").build());
    fails(Fault.NO_SUCH_HOST.kinds(), () -> provider.get(NAME));
  }

  @Test
  default void manyReadersShareTheConnections() throws Exception {
    Assumptions.assumeTrue(
        faults().connections().isPresent(), "the backend does not count connections");
    seed(NAME, "held");
    ContractClient client = client();
    int before = faults().connections().getAsInt();
    AtomicInteger most = new AtomicInteger();
    List<SimultaneousThreads.Outcome<Set<String>>> outcomes =
        SimultaneousThreads.run(
            32,
            i ->
                () -> {
                  Set<String> read = new HashSet<>();
                  for (int n = 0; n < 20; n++) {
                    read.add(client.text(NAME));
                    most.accumulateAndGet(faults().connections().getAsInt() - before, Math::max);
                  }
                  return read;
                });
    for (SimultaneousThreads.Outcome<Set<String>> outcome : outcomes) {
      assertThat(outcome.get()).containsOnly("held");
    }
    assertThat(most.get())
        .as("connections that 32 threads opened through one client: bound them in the client")
        .isLessThanOrEqualTo(MOST_CONNECTIONS);
  }

  @Test
  default void closeFreesThreadsAndConnections() {
    Assumptions.assumeTrue(
        faults().connections().isPresent(), "the backend does not count connections");
    seed(NAME, "held");
    Set<Thread> before = clientThreads();
    int connections = faults().connections().getAsInt();
    for (int i = 0; i < 5; i++) {
      try (SecretStore store = open()) {
        assertThat(new ContractClient(store).text(NAME)).isEqualTo("held");
      }
    }
    SimultaneousThreads.until(
        "closed clients have no connection and no thread of their own",
        () -> {
          System.gc(); // the JDK's HTTP client on 17 has no close: it ends when no code holds it
          return faults().connections().getAsInt() <= connections
              && clientThreads().size() <= before.size() + 4;
        });
  }

  /** The threads of this process that are not the test kit's own. */
  private static Set<Thread> clientThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.isAlive() || thread.getName().startsWith("fault-proxy"));
    return threads;
  }
}
