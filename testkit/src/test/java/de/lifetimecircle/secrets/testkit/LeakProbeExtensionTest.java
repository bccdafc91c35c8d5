package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test under the extension fails if and only if its secret showed. */
final class LeakProbeExtensionTest {

  /** Leaks on purpose, so it must not run by itself: its report would hold the canary. */
  @EnabledIf("de.lifetimecircle.secrets.testkit.Launch#isRunning")
  @ExtendWith(LeakProbeExtension.class)
  static final class Service {
    @Test
    void keepsQuiet(LeakProbe probe) {
      assertThat(probe.canary("key")).isNotEmpty();
    }

    @Test
    void prints(LeakProbe probe) {
      System.out.println("using " + probe.canary("key"));
    }

    @Test
    void logs(LeakProbe probe) {
      System.getLogger("service").log(System.Logger.Level.TRACE, probe.canary("key"));
    }

    @Test
    void throwsUp(LeakProbe probe) {
      throw new IllegalStateException("bad key " + probe.canary("key"));
    }
  }

  @Test
  void leaksFailAndQuietPasses() {
    Launch launch;
    try (Quiet quiet = new Quiet()) {
      assertThat(quiet).isNotNull();
      launch = Launch.run(Service.class, Set.of());
    }
    assertThat(launch.passed()).containsExactly("keepsQuiet");
    assertThat(launch.failures()).containsOnlyKeys("prints", "logs", "throwsUp");
    assertThat(message(launch, "prints")).contains("standard output of System.out: key as plain");
    assertThat(message(launch, "logs")).contains("log at TRACE of service: key as plain");
    Throwable thrown = launch.failures().get("throwsUp").get(0);
    assertThat(thrown.getSuppressed()[0].getMessage())
        .contains("exception of the test of java.lang.IllegalStateException: key as plain");
  }

  private static String message(Launch launch, String test) {
    return launch.failures().get(test).get(0).getMessage();
  }
}
