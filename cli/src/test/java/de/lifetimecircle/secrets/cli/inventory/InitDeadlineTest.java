package de.lifetimecircle.secrets.cli.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Making a store's key takes as long as it takes, on a loaded machine too. */
class InitDeadlineTest {
  private static final String PROBE = "team/secrets-init-probe";
  private final FakeStore store = FakeStore.create();

  private SecretWriter writer() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("prefix", "team/")
        .set("timeout", "100ms")
        .buildWriter();
  }

  @Test
  void theKeyIsMadeWithoutADeadline() {
    store.next(Op.PUT, PROBE, FakeStep.run(() -> LockSupport.parkNanos(500_000_000)));
    try (SecretWriter writer = writer()) {
      InitCommand.makeStore(writer);
      assertThat(store.calls(Op.PUT, PROBE)).isEqualTo(1);
    }
  }

  @Test
  void whatKeepsTheStoreFromBeingMadeIsReported() {
    store.next(Op.PUT, PROBE, FakeStep.fail(Kind.ACCESS_DENIED));
    try (SecretWriter writer = writer()) {
      assertThatThrownBy(() -> InitCommand.makeStore(writer)).hasMessageContaining("access denied");
    }
  }
}
