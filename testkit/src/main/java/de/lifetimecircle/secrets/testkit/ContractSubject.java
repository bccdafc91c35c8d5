package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;

/** The questions that every part of the contract asks the class that runs it. */
interface ContractSubject {
  /** A name that every backend takes. */
  String NAME = "contract/NAME";

  /** A second one. */
  String OTHER = "contract/OTHER";

  /** A name that was never written. */
  String MISSING = "contract/MISSING";

  String scheme();

  SecretStore open();

  Set<Capability> declared();

  FaultSwitch faults();

  StoreLimits limits();

  Set<String> credentials();

  Duration timeout();

  void seed(String name, String text);

  /** A new client that is closed after the test. */
  ContractClient client();

  /** Closes it after the test. */
  <T extends AutoCloseable> T closing(T resource);

  /** Adds a measured fact to the report. */
  void measured(String what, String howMuch);

  /** A new client, whose writes are seen by all clients when they return. */
  default SecretStore settled() {
    return lag().isZero() ? open() : SettledStore.of(this, open());
  }

  /** How long a write may stay unseen after it was acknowledged. */
  private Duration lag() {
    return can(Capability.READ_AFTER_WRITE) ? Duration.ZERO : limits().visibility();
  }

  default boolean can(Capability capability) {
    return declared().contains(capability);
  }

  /** Ends the test as not applicable unless the backend declares all of these. */
  default void requires(Capability... needed) {
    Set<Capability> missing = EnumSet.noneOf(Capability.class);
    missing.addAll(Arrays.asList(needed));
    missing.removeAll(declared());
    Assumptions.assumeTrue(missing.isEmpty(), () -> "does not declare " + missing);
  }

  /** Ends the test as not applicable unless the fault can be injected. */
  default void requires(Fault fault) {
    Assumptions.assumeTrue(
        faults().supported().contains(fault), () -> "cannot inject the fault " + fault);
  }

  /** A provider over that store that neither the environment nor the class path reaches. */
  default SecretProviderBuilder builder(SecretStore store) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("timeout", timeout().plus(lag()).toMillis() + "ms")
        .set("retries", "0")
        .set("limits", "backend");
  }

  default SecretProvider provider() {
    return closing(builder(settled()).build());
  }

  default SecretWriter writer() {
    return closing(builder(settled()).buildWriter());
  }

  /** Checks that the call fails, with one of these kinds and in the form the house asks for. */
  default SecretException fails(Set<Kind> kinds, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    if (thrown == null) {
      throw new AssertionError("the call succeeds (expected: a SecretException of " + kinds + ")");
    }
    assertThat(thrown)
        .as("a store throws SecretException only: translate this one into one of %s", kinds)
        .isInstanceOf(SecretException.class);
    SecretException failure = (SecretException) thrown;
    assertThat(failure.kind()).as("the kind of: %s", failure.getMessage()).isIn(kinds);
    assertThat(failure.getMessage()).as("Cannot + action + reason").startsWith("Cannot ");
    return failure;
  }

  default SecretException fails(Kind kind, ThrowingCallable call) {
    return fails(Set.of(kind), call);
  }

  /**
   * Reads until the short deadline of that provider is enough, which a busy machine may miss for up
   * to five seconds.
   */
  default void answersAgain(SecretProvider provider) {
    long begun = System.nanoTime();
    while (true) {
      try {
        assertThat(provider.refresh(NAME).asString()).isEqualTo("held");
        return;
      } catch (SecretException e) {
        if (e.kind() != Kind.TIMEOUT || System.nanoTime() - begun > 5_000_000_000L) {
          throw e;
        }
      }
    }
  }

  /** The value of a key that must be there. */
  default <V> V at(Map<String, V> map, String key) {
    assertThat(map).containsKey(key);
    return Objects.requireNonNull(map.get(key), key);
  }

  /** Returns the kinds of failure that a read of a deleted name may report. */
  default Set<Kind> goneKinds() {
    return can(Capability.RESTORE) ? Set.of(Kind.PENDING_DELETION) : Set.of(Kind.NOT_FOUND);
  }
}
