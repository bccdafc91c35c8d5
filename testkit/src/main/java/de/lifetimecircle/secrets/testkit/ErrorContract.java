package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Point 1, errors: each failure has its one kind, and names the failed action. */
interface ErrorContract extends ContractSubject {

  @Test
  default void missingNameIsNotFound() {
    seed(NAME, "held");
    ContractClient client = client();
    SecretException failure = fails(Kind.NOT_FOUND, () -> client.store().fetch(MISSING));
    assertThat(failure.name()).contains(MISSING);
    assertThat(failure.getMessage()).contains(MISSING);
    assertThat(failure.scheme()).isPresent();
    assertThat(failure.retryable()).isFalse();
    fails(Kind.NOT_FOUND, () -> client.store().describe(MISSING));
  }

  @Test
  default void missingNameHasNoVersions() {
    requires(Capability.VERSIONS);
    ContractClient client = client();
    fails(Kind.NOT_FOUND, () -> client.versions(MISSING));
    fails(Kind.NOT_FOUND, () -> client.versioned().fetchVersion(MISSING, "1"));
  }

  @Test
  default void missingVersionIsVersionNotFound() {
    requires(Capability.VERSIONS);
    seed(NAME, "held");
    ContractClient client = client();
    List<String> ids =
        new ArrayList<>(
            List.of("no-such-version", "0", "-1", "../1", "%2e%2e", "a/b", "9999999999"));
    ids.removeAll(client.ids(NAME)); // numbers may begin with 0
    for (String id : ids) {
      fails(Kind.VERSION_NOT_FOUND, () -> client.versioned().fetchVersion(NAME, id));
    }
  }

  @Test
  default void findTellsMissingFromFailing() {
    SecretProvider provider = provider();
    assertThat(provider.find(MISSING)).isEmpty();
    fails(Kind.NOT_FOUND, () -> provider.get(MISSING));
    assertThat(at(provider.getAll(List.of(MISSING)), MISSING).error()).isPresent();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"UNAVAILABLE", "THROTTLED", "DENIED", "UNAUTHENTICATED", "DISABLED", "CORRUPT"})
  default void failingReadHasItsKind(Fault fault) {
    requires(fault);
    seed(NAME, "held");
    ContractClient client = client();
    assertThat(client.text(NAME)).isEqualTo("held");
    faults().inject(fault, NAME);
    Set<Kind> expected = kindsOf(fault);
    SecretException failure = fails(expected, () -> client.store().fetch(NAME));
    assertThat(failure.retryable()).isEqualTo(failure.kind().retryable());
    assertThat(failure.name()).contains(NAME);
    assertThat(failure.scheme()).isPresent();
    fails(expected, () -> client().store().fetch(NAME));
    faults().clear();
    assertThat(client.text(NAME)).isEqualTo("held");
  }

  /** If a backend hides secrets that a caller may not see, "not found" is its true answer. */
  private Set<Kind> kindsOf(Fault fault) {
    return fault == Fault.DENIED && !can(Capability.DENIED_IS_NOT_MISSING)
        ? Set.of(Kind.ACCESS_DENIED, Kind.NOT_FOUND)
        : fault.kinds();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"UNAVAILABLE", "THROTTLED", "DENIED", "UNAUTHENTICATED", "FULL"})
  default void failingWriteHasItsKindAndLeavesOldOrNew(Fault fault) {
    requires(Capability.WRITE);
    requires(fault);
    ContractClient client = client();
    client.put(NAME, "old");
    faults().inject(fault, NAME);
    fails(kindsOf(fault), () -> client.put(NAME, "new"));
    faults().clear();
    assertThat(client().text(NAME)).isIn("old", "new");
    client.put(NAME, "after");
    assertThat(client().text(NAME)).isEqualTo("after");
  }

  @Test
  default void deniedIsNeverMissing() {
    requires(Capability.DENIED_IS_NOT_MISSING);
    requires(Fault.DENIED);
    seed(NAME, "held");
    SecretProvider provider = provider();
    faults().inject(Fault.DENIED, NAME);
    fails(Kind.ACCESS_DENIED, () -> provider.get(NAME));
    fails(Kind.ACCESS_DENIED, () -> provider.find(NAME));
    fails(Kind.ACCESS_DENIED, () -> client().store().describe(NAME));
  }

  @Test
  default void damagedValueIsNeverServed() {
    requires(Fault.CORRUPT);
    seed(NAME, "held");
    faults().inject(Fault.CORRUPT, NAME);
    fails(Kind.CORRUPT, () -> provider().get(NAME));
    fails(Kind.CORRUPT, () -> client().store().fetch(NAME));
  }

  @Test
  default void throttlingPassesOnHowLongToWait() {
    requires(Fault.THROTTLED);
    seed(NAME, "held");
    ContractClient client = client();
    faults().inject(Fault.THROTTLED, NAME);
    SecretException failure = fails(Kind.THROTTLED, () -> client.store().fetch(NAME));
    Assumptions.assumeTrue(
        failure.retryAfter().isPresent(), "the backend does not say how long to wait");
    assertThat(failure.retryAfter().get()).isGreaterThan(Duration.ZERO);
  }

  @Test
  default void hangEndsAtTheDeadline() {
    requires(Fault.HANG);
    seed(NAME, "held");
    SecretProvider provider = closing(builder(settled()).set("timeout", "300ms").build());
    faults().inject(Fault.HANG, NAME);
    long began = System.nanoTime();
    fails(Kind.TIMEOUT, () -> provider.get(NAME));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    faults().clear();
    answersAgain(provider);
  }
}
