package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.CommandHint;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnouncingWriterTest {
  private final List<String> notes = new ArrayList<>();
  private long now;
  private int tries;

  /** A channel whose every message fails after that time. */
  private AnnouncingWriter writer(Duration cost) {
    RotationChannel dead =
        new RotationChannel() {
          @Override
          public void send(String message) {
            tries++;
            now += cost.toNanos();
            throw SecretException.of(SecretException.Kind.UNAVAILABLE, "announce a rotation")
                .reason("no answer")
                .build();
          }

          @Override
          public void listen(Receiver receiver) {}

          @Override
          public void close() {}
        };
    SecretWriter store =
        SecretProvider.builder()
            .environment(Map.of())
            .store(FakeStore.create())
            .push(dead)
            .buildWriter();
    CommandHint hint = command -> command + " --backend aws";
    return new AnnouncingWriter(store, notes::add, hint, () -> now);
  }

  private static void put(SecretWriter writer, int count) {
    for (int i = 1; i <= count; i++) {
      try (SecretValue value = SecretValue.of("v")) {
        writer.put("N" + i, value);
      }
    }
  }

  @Test
  void aDeadChannelCostsALimitedTimeAndEveryNameIsReported() {
    try (AnnouncingWriter writer = writer(Duration.ofSeconds(4))) {
      put(writer, 20);
      assertThat(notes).isEmpty();
    }
    assertThat(tries).isEqualTo(3);
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("no answer")
        .contains("'N1', 'N2'")
        .contains("secrets notify N1 --backend aws && secrets notify N2 --backend aws && ")
        .endsWith("secrets notify N20 --backend aws");
  }

  @Test
  void failuresThatCostNoTimeStopNothing() {
    try (AnnouncingWriter writer = writer(Duration.ZERO)) {
      put(writer, 20);
    }
    assertThat(tries).isEqualTo(20);
  }
}
