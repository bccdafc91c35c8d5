package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.internal.config.PushSettings;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How long a fleet takes to learn of a rotation, and what it asks of the backend meanwhile: the
 * short form. {@code tests/engine/run fleet} prints the figures of docs/fleet.md, with 1,000
 * instances and 20 secrets.
 */
class FleetSimulationTest {
  private static final int SIZE = Integer.getInteger("fleet.instances", 40);
  private static final int SECRETS = Integer.getInteger("fleet.secrets", 4);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static FleetSimulation.Result run(
      int rotated, FleetSimulation.Channel channel, Duration delay) {
    PushSettings policy = new PushSettings(delay, Duration.ofMinutes(1));
    try (FleetSimulation fleet = new FleetSimulation(SIZE, SECRETS, policy, 18)) {
      FleetSimulation.Result result = fleet.rotate(rotated, channel);
      System.out.printf(
          Locale.ROOT,
          "fleet: %d instances, %d of %d secrets rotated, channel %s, push-delay %d s: %s%n",
          SIZE,
          rotated,
          SECRETS,
          channel,
          delay.toSeconds(),
          result);
      assertThat(fleet.servesTheNewVersions()).isTrue();
      return result;
    }
  }

  @Test
  void pollingReachesAllWithinTheSoftAge() {
    for (int rotated : new int[] {1, SECRETS}) {
      FleetSimulation.Result result = run(rotated, FleetSimulation.Channel.NONE, SECOND);
      assertThat(result.all()).isBetween(SECOND, FleetSimulation.SOFT_AGE.plus(SECOND));
    }
  }

  @Test
  void aMessageReachesAllWithinTheDelay() {
    for (int rotated : new int[] {1, SECRETS}) {
      FleetSimulation.Result result =
          run(rotated, FleetSimulation.Channel.UP, SECOND.multipliedBy(2));
      assertThat(result.all()).isLessThanOrEqualTo(SECOND.multipliedBy(2));
      // Uniform over two seconds: half in each, less the chance, plus what is polled anyway.
      assertThat(result.busiestSecond())
          .isBetween(SIZE * rotated / 3, SIZE * rotated * 7 / 10 + 50);
    }
  }

  @Test
  void aLongerDelaySparesTheBackend() {
    Duration minute = Duration.ofMinutes(1);
    FleetSimulation.Result result = run(SECRETS, FleetSimulation.Channel.UP, minute);
    assertThat(result.all()).isLessThanOrEqualTo(minute);
    assertThat(result.busiestSecond()).isLessThan(SIZE * SECRETS / 6 + 10);
  }

  @Test
  void aChannelThatComesBackIsCaughtUpWith() {
    FleetSimulation.Result result =
        run(SECRETS, FleetSimulation.Channel.BACK_AFTER_A_MINUTE, SECOND.multipliedBy(2));
    assertThat(result.all()).isLessThanOrEqualTo(Duration.ofMinutes(2).plus(SECOND));
    assertThat(result.calls()).isLessThanOrEqualTo(SIZE * SECRETS * 2);
  }
}
