package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Capability;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Point 9, visibility: who sees a write when; the lag is measured and reported. */
interface VisibilityContract extends ContractSubject {

  @Test
  default void writeIsSeenThroughTheSameClientAtOnce() {
    requires(Capability.READ_AFTER_WRITE, Capability.WRITE);
    ContractClient client = client();
    for (int i = 0; i < 5; i++) {
      client.put(NAME, "value " + i);
      assertThat(client.text(NAME)).isEqualTo("value " + i);
    }
  }

  @Test
  default void writeIsSeenThroughASecondClientAtOnce() {
    requires(Capability.READ_AFTER_WRITE, Capability.WRITE);
    ContractClient client = client();
    ContractClient second = client();
    for (int i = 0; i < 5; i++) {
      client.put(NAME, "value " + i);
      assertThat(second.text(NAME)).isEqualTo("value " + i);
    }
  }

  @Test
  default void returnedVersionCanBeReadAtOnce() {
    requires(Capability.VERSIONS, Capability.WRITE);
    ContractClient client = client();
    PutResult put = client.put(NAME, "value");
    assertThat(client.textOf(NAME, put.version())).isEqualTo("value");
  }

  @Test
  default void lagOfASecondClientIsWithinTheLimit() {
    requires(Capability.WRITE);
    client().put(NAME, "value 0");
    ContractClient client = new ContractClient(closing(open())); // waits for no reader
    ContractClient second = client();
    long longest = 0;
    for (int i = 1; i <= 5; i++) {
      String value = "value " + i;
      client.put(NAME, value);
      long written = System.nanoTime();
      SimultaneousThreads.until(
          "a second client sees the write", () -> second.text(NAME).equals(value));
      longest = Math.max(longest, System.nanoTime() - written);
    }
    measured("visibility-lag-ms", String.valueOf(Duration.ofNanos(longest).toMillis()));
    // One read takes its time as well, which no backend promises to bound.
    assertThat(Duration.ofNanos(longest))
        .isLessThan(limits().visibility().plus(Duration.ofSeconds(5)));
  }

  @Test
  default void refreshSeesWhatAnotherClientWrote() {
    requires(Capability.READ_AFTER_WRITE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "one");
    SecretProvider provider = provider();
    assertThat(provider.get(NAME).asString()).isEqualTo("one");
    client.put(NAME, "two");
    assertThat(provider.get(NAME).asString()).isEqualTo("one");
    assertThat(provider.refresh(NAME).asString()).isEqualTo("two");
    assertThat(provider.get(NAME).asString()).isEqualTo("two");
  }
}
