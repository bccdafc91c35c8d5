package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Point 14, the cache over the store: ages, outage and recovery, in virtual time. */
interface CacheContract extends ContractSubject {

  /** A provider in virtual time, with the layers between it and the store. */
  final class Setup {
    final FakeTicker ticker = FakeTicker.inline();
    final WatchedStore watched;
    final SecretWriter writer;
    final SecretProvider provider;
    final List<SecretEvent> events = new ArrayList<>();

    private Setup(ContractSubject subject, String jitter) {
      watched = new WatchedStore(subject.settled());
      SecretProviderBuilder builder =
          subject
              .builder(watched.proxy())
              .clock(ticker)
              .executor(ticker.workers())
              .set("soft-age", "100s")
              .set("max-stale", "1h")
              .set("negative-age", "5s")
              .set("idle", "10h")
              .set("jitter", jitter)
              .listener(events::add);
      writer = subject.closing(builder.buildWriter());
      provider = writer.provider();
    }

    /** Moves on in steps, reading at each, as a busy service would. */
    private void readFor(Duration time, Duration step) {
      for (Duration t = Duration.ZERO; t.compareTo(time) < 0; t = t.plus(step)) {
        ticker.advance(step);
        provider.get(NAME);
      }
    }
  }

  @Test
  default void heldValueCostsNoCallUntilItsSoftAge() {
    seed(NAME, "held");
    Setup setup = new Setup(this, "0%");
    assertThat(setup.provider.get(NAME).origin()).isEqualTo(Secret.Origin.BACKEND);
    setup.readFor(Duration.ofSeconds(98), Duration.ofSeconds(7));
    assertThat(setup.provider.get(NAME).origin()).isEqualTo(Secret.Origin.CACHE);
    assertThat(setup.watched.reads()).isEqualTo(1);
  }

  @Test
  default void jitterStaysWithinItsBounds() {
    seed(NAME, "held");
    Setup setup = new Setup(this, "20%");
    setup.provider.get(NAME);
    setup.readFor(Duration.ofSeconds(78), Duration.ofSeconds(6));
    assertThat(setup.watched.calls("fetch")).isEqualTo(1);
    setup.readFor(Duration.ofSeconds(48), Duration.ofSeconds(6));
    assertThat(setup.watched.reads() + setup.watched.calls("versions")).isGreaterThan(1);
  }

  @Test
  default void newValueArrivesAfterTheSoftAgeWithOneEvent() {
    requires(Capability.WRITE);
    ContractClient writer = client();
    writer.put(NAME, "one");
    Setup setup = new Setup(this, "20%");
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("one");
    String second = writer.put(NAME, "two").version();
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("one");
    setup.readFor(Duration.ofSeconds(126), Duration.ofSeconds(6));
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("two");
    assertThat(setup.events)
        .filteredOn(e -> e.type() == SecretEvent.Type.ROTATED)
        .singleElement()
        .satisfies(e -> assertThat(e.newVersion()).contains(second));
  }

  @Test
  default void outageIsBridgedUntilMaxStaleAndNoLonger() {
    seed(NAME, "held");
    Setup setup = new Setup(this, "20%");
    setup.provider.get(NAME);
    setup.watched.outage(Kind.UNAVAILABLE);
    setup.readFor(Duration.ofMinutes(50), Duration.ofSeconds(30));
    Secret stale = setup.provider.get(NAME);
    assertThat(stale.origin()).isEqualTo(Secret.Origin.STALE);
    assertThat(stale.staleReason()).isPresent();
    assertThat(stale.asString()).isEqualTo("held");
    int tries = setup.watched.reads() + setup.watched.calls("versions");
    assertThat(tries).as("tries in 50 minutes, with backoff").isBetween(5, 200);
    setup.ticker.advance(Duration.ofMinutes(11));
    fails(Kind.UNAVAILABLE, () -> setup.provider.get(NAME));
  }

  @Test
  default void recoveryAfterAnOutageIsNoticed() {
    requires(Capability.WRITE);
    ContractClient writer = client();
    writer.put(NAME, "one");
    Setup setup = new Setup(this, "20%");
    setup.provider.get(NAME);
    setup.watched.outage(Kind.UNAVAILABLE);
    setup.readFor(Duration.ofMinutes(10), Duration.ofSeconds(30));
    writer.put(NAME, "two");
    setup.watched.outage(null);
    setup.readFor(Duration.ofMinutes(5), Duration.ofSeconds(30));
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("two");
    assertThat(setup.provider.get(NAME).origin()).isNotEqualTo(Secret.Origin.STALE);
  }

  @Test
  default void expiredValueIsNeverServedAndRecoveryIs() {
    seed(NAME, "held");
    Setup setup = new Setup(this, "0%");
    setup.provider.get(NAME);
    setup.watched.outage(Kind.UNAVAILABLE);
    setup.ticker.advance(Duration.ofMinutes(61));
    fails(Kind.UNAVAILABLE, () -> setup.provider.get(NAME));
    assertThat(setup.events).extracting(SecretEvent::type).contains(SecretEvent.Type.EXPIRED);
    setup.watched.outage(null);
    setup.ticker.advance(Duration.ofMinutes(2));
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("held");
  }

  @Test
  default void failedWriteLeavesTheHeldAnswerToAnOutage() {
    requires(Capability.WRITE);
    client().put(NAME, "held");
    Setup setup = new Setup(this, "20%");
    setup.provider.get(NAME);
    assertThat(setup.provider.validVersions(NAME)).hasSize(1);
    setup.watched.outage(Kind.UNAVAILABLE);
    fails(Kind.UNAVAILABLE, () -> setup.writer.put(NAME, SecretValue.of("never written")));
    for (int i = 0; i < 2; i++) { // the second is served at once
      Secret stale = setup.provider.get(NAME);
      assertThat(stale.asString()).isEqualTo("held");
      assertThat(stale.origin()).isEqualTo(Secret.Origin.STALE);
      assertThat(stale.staleReason().orElseThrow())
          .isEqualTo("refresh failed: UNAVAILABLE, after a write that failed: UNAVAILABLE");
      assertThat(setup.provider.validVersions(NAME))
          .extracting(Secret::asString)
          .containsExactly("held");
    }
    assertThat(setup.provider.getAsync(NAME).join().asString()).isEqualTo("held");
    fails(Kind.UNAVAILABLE, () -> setup.provider.get(NAME, Duration.ZERO));
    client().put(NAME, "written meanwhile");
    setup.watched.outage(null);
    setup.ticker.advance(Duration.ofMinutes(1));
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("written meanwhile");
    assertThat(setup.provider.get(NAME).origin()).isEqualTo(Secret.Origin.CACHE);
  }

  @Test
  default void writeWhoseAnswerIsLostIsServedNext() {
    requires(Capability.WRITE);
    client().put(NAME, "held");
    Setup setup = new Setup(this, "20%");
    SecretHandle handle = setup.provider.handle(NAME);
    assertThat(handle.get().asString()).isEqualTo("held");
    setup.watched.loseAnswers(Kind.UNAVAILABLE);
    fails(Kind.UNAVAILABLE, () -> setup.writer.put(NAME, SecretValue.of("written")));
    assertThat(handle.get().asString()).as("while nothing can be read").isEqualTo("held");
    setup.watched.loseAnswers(null);
    setup.ticker.advance(Duration.ofMinutes(1));
    assertThat(handle.get().asString()).isEqualTo("written");
    setup.watched.loseAnswers(Kind.UNAVAILABLE);
    fails(Kind.UNAVAILABLE, () -> setup.writer.put(OTHER, SecretValue.of("other")));
    setup.watched.loseAnswers(null);
    assertThat(setup.provider.get(OTHER).asString()).isEqualTo("other");
  }

  @Test
  default void conflictAsksTheBackendAndKeepsTheHeldAnswer() {
    requires(Capability.CREATE_ONLY);
    client().put(NAME, "held");
    Setup setup = new Setup(this, "20%");
    setup.provider.get(NAME);
    client().put(NAME, "of somebody else");
    fails(Kind.CONFLICT, () -> setup.writer.create(NAME, SecretValue.of("mine")));
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("of somebody else");
    fails(Kind.CONFLICT, () -> setup.writer.create(NAME, SecretValue.of("mine")));
    setup.watched.outage(Kind.UNAVAILABLE);
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("of somebody else");
    assertThat(setup.provider.get(NAME).origin()).isEqualTo(Secret.Origin.STALE);
  }

  @Test
  default void invalidatedNameIsAskedForAndServedInAnOutage() {
    requires(Capability.WRITE, Capability.DELETE);
    client().put(NAME, "one");
    Setup setup = new Setup(this, "20%");
    setup.provider.invalidate(NAME); // nothing is held
    setup.provider.get(NAME);
    client().put(NAME, "two");
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("one");
    setup.provider.invalidate(NAME);
    assertThat(setup.provider.get(NAME).asString()).isEqualTo("two");
    assertThat(setup.provider.get(NAME).origin()).isEqualTo(Secret.Origin.CACHE);
    setup.watched.outage(Kind.UNAVAILABLE);
    setup.provider.invalidate(NAME);
    assertThat(setup.provider.get(NAME).staleReason())
        .contains("refresh failed: UNAVAILABLE, after it was invalidated");
    setup.watched.outage(null);
    client().deletes().delete(NAME);
    setup.provider.invalidate(NAME);
    fails(goneKinds(), () -> setup.provider.get(NAME));
  }

  @Test
  default void missIsHeldForNegativeAge() {
    requires(Capability.WRITE);
    Setup setup = new Setup(this, "0%");
    fails(Kind.NOT_FOUND, () -> setup.provider.get(MISSING));
    client().put(MISSING, "made since");
    setup.ticker.advance(Duration.ofSeconds(4));
    fails(Kind.NOT_FOUND, () -> setup.provider.get(MISSING));
    assertThat(setup.watched.reads()).isEqualTo(1);
    setup.ticker.advance(Duration.ofSeconds(2));
    assertThat(setup.provider.get(MISSING).asString()).isEqualTo("made since");
    assertThat(setup.watched.reads()).isEqualTo(2);
  }

  @Test
  default void pinnedVersionIsReadOnce() {
    requires(Capability.VERSIONS);
    seed(NAME, "held");
    Setup setup = new Setup(this, "0%");
    String version = setup.provider.get(NAME).version();
    for (int i = 0; i < 5; i++) {
      setup.provider.get(NAME, de.lifetimecircle.secrets.VersionSelector.id(version));
    }
    assertThat(setup.watched.calls("fetchVersion")).isLessThanOrEqualTo(1);
  }
}
