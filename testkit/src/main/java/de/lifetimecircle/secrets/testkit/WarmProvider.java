package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A provider in virtual time that has answered every kind of question about a name once, so that
 * all later answers come through a warm cache; and the ways in which it can learn of other writers'
 * changes.
 */
final class WarmProvider {
  private static final Duration SOFT_AGE = Duration.ofSeconds(100);

  /** A way to learn the backend's current state. */
  enum Way {
    /** {@link SecretProvider#refresh}. */
    REFRESH,
    /** {@link SecretProvider#get(String, Duration)}. */
    NEWEST,
    /** {@link SecretProvider#validVersions(String, Duration)}. */
    NEWEST_LIST,
    /** No reader asks; the soft age passes. */
    SOFT_AGE_PASSES
  }

  final FakeTicker ticker = FakeTicker.inline();
  final WatchedStore watched;
  final SecretProvider provider;
  final SecretHandle handle;
  private final ContractSubject subject;
  private final String name;
  private final List<SecretEvent> events = new ArrayList<>();

  WarmProvider(ContractSubject subject, String name) {
    this.subject = subject;
    this.name = name;
    this.watched = new WatchedStore(subject.settled());
    this.provider =
        subject.closing(
            subject
                .builder(watched.proxy())
                .clock(ticker)
                .executor(ticker.workers())
                .set("soft-age", SOFT_AGE.toSeconds() + "s")
                .set("max-stale", "30d")
                .set("negative-age", "5s")
                .set("jitter", "0")
                .build());
    this.handle = provider.handle(name);
    var unused = provider.onChange(name, events::add);
    ask();
  }

  /** Asks every kind of question, whatever the answers are. */
  private void ask() {
    provider.get(name);
    provider.validVersions(name);
    staged(Stage.PREVIOUS);
    staged(Stage.PENDING);
  }

  /** The value that has the stage; "none" if there is none, or if there are no stages. */
  String staged(Stage stage) {
    try {
      return provider.get(name, VersionSelector.stage(stage)).asString();
    } catch (SecretException e) {
      assertThat(e.kind()).isIn(Kind.VERSION_NOT_FOUND, Kind.UNSUPPORTED);
      return "none";
    }
  }

  List<String> valid() {
    return provider.validVersions(name).stream().map(Secret::asString).toList();
  }

  /** Learns by that way; again and again only where the backend does not show a write at once. */
  void learn(Way way, BooleanSupplier isThere) {
    take(way);
    if (!subject.can(Capability.READ_AFTER_WRITE)) {
      SimultaneousThreads.until(
          way + " shows it",
          () -> {
            boolean is = isThere.getAsBoolean();
            if (!is) {
              take(way);
            }
            return is;
          });
    }
  }

  private void take(Way way) {
    switch (way) {
      case REFRESH -> provider.refresh(name);
      case NEWEST -> provider.get(name, Duration.ZERO);
      case NEWEST_LIST -> provider.validVersions(name, Duration.ZERO);
      case SOFT_AGE_PASSES -> ticker.advance(SOFT_AGE);
    }
  }

  /** Every way to read says that this is the current value, and nothing contradicts it. */
  void says(String current) {
    assertThat(provider.get(name).asString()).isEqualTo(current);
    assertThat(handle.get().asString()).isEqualTo(current);
    assertThat(provider.getAsync(name).join().asString()).isEqualTo(current);
    assertThat(valid()).first().isEqualTo(current);
    assertThat(staged(Stage.CURRENT)).isEqualTo(current);
    assertThat(staged(Stage.PENDING)).isNotEqualTo(current);
    assertThat(staged(Stage.PREVIOUS)).isNotEqualTo(current);
    Duration oldest = provider.stats().oldest().orElseThrow();
    assertThat(oldest.isNegative()).as("the oldest is %s old", oldest).isFalse();
  }

  /** Returns the last rotation reported to the listener; empty if there has been none. */
  String lastRotation() {
    return rotated().reduce((first, last) -> last).flatMap(SecretEvent::newVersion).orElse("");
  }

  /** Returns how many rotations were reported to the listener. */
  int rotations() {
    return (int) rotated().count();
  }

  private Stream<SecretEvent> rotated() {
    return events.stream().filter(event -> event.type() == SecretEvent.Type.ROTATED);
  }
}
