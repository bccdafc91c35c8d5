package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a store that holds {@code a} in two versions and {@code b} in one. */
public abstract class GpgHeldSecrets {
  @TempDir protected Path home;
  protected TestStore on;
  protected GpgStore store;

  @BeforeEach
  protected void makeStore() {
    on = new TestStore(home);
    store = on.open();
    put(store, "a", "a-one");
    put(store, "a", "a-two");
    put(store, "b", "b-one");
  }

  @AfterEach
  protected void close() {
    store.close();
  }

  public static void assertFails(Kind kind, String named, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e).hasMessageContaining(named);
            });
  }

  /** What a new process sees. */
  protected void assertFailsAnew(Kind kind, String named, String name) {
    try (GpgStore reopened = on.open()) {
      assertFails(kind, named, () -> reopened.fetch(name));
    }
  }

  protected String fingerprint() {
    return store.recipients().get(0);
  }
}
