package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationListener.Moment;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a rotation before and after each step, on each backend, and lets another person go on with
 * it: at every moment what is served opens the database, and no value is left about. The short form
 * is on files, which have stages, and Vault, which has none; {@code -Dcrash.backends=all} has all
 * four.
 */
class RotationCrashTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> served = new ArrayList<>();
  private int looks;
  private int shut;
  private int crashes;

  /** As the end of the process: nothing catches it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  static List<String> backends() {
    return "all".equals(System.getProperty("crash.backends"))
        ? List.of("gpg", "aws", "azure", "vault")
        : List.of("gpg", "vault");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aCrashAtAnyStepIsGoneOnFrom(String backend) throws IOException {
    try (Backend served = Backend.start(backend, folder)) {
      environment.putAll(served.environment());
      crashEverywhere(backend);
    }
  }

  private void crashEverywhere(String backend) throws IOException {
    RotationScene scene =
        RotationScene.make(Files.createDirectory(folder.resolve("x")), environment);
    try (LeakProbe probe = LeakProbe.start()) {
      try (SecretWriter writer = RotationScene.writer(environment);
          SecretProvider service = SecretProvider.builder().environment(environment).build()) {
        for (RotationStep step : RotationStep.values()) {
          for (Moment moment : moments(step)) {
            crash(scene, writer, service, step, moment);
            crashes++;
          }
        }
      }
      served.forEach(value -> probe.watch("a password", value));
      probe.lookAtFiles(scene.folder.resolve(Rotations.FOLDER)).assertClean();
    }
    List<String> problems = new ArrayList<>();
    RotationLog log = new RotationLog(scene.folder.resolve(Rotations.FOLDER));
    assertThat(log.read(entry -> {}, problems::add).entries()).isPositive();
    assertThat(problems).isEmpty();
    assertThat(shut).isZero();
    System.out.printf(
        Locale.ROOT,
        "rotation: %d crashes on %s, before, in and after each of %d steps, each resumed; %d looks,"
            + " %d moments without a valid value%n",
        crashes,
        backend,
        RotationStep.values().length,
        looks,
        shut);
  }

  /** Before a step everything is as it was after the one before. */
  private static List<Moment> moments(RotationStep step) {
    return step == RotationStep.GENERATE
        ? List.of(Moment.BEFORE, Moment.DONE, Moment.RECORDED)
        : List.of(Moment.DONE, Moment.RECORDED);
  }

  private void crash(
      RotationScene scene,
      SecretWriter writer,
      SecretProvider service,
      RotationStep at,
      Moment when) {
    String before = service.get("prod/DB_ADMIN_PW", Duration.ZERO).asString();
    String user = service.get("prod/DB_USERNAME", Duration.ZERO).asString();
    RotationListener dies =
        (name, step, moment) -> {
          look(scene, service);
          if (step == at && moment == when) {
            throw new Crash();
          }
        };
    assertThatThrownBy(
            () -> scene.rotations(writer, "anna", dies).rotate("DB_ADMIN_PW", Duration.ZERO))
        .as(at + " " + when)
        .isInstanceOf(Crash.class);
    look(scene, service);
    Rotations another =
        scene.rotations(writer, "otto", (name, step, moment) -> look(scene, service));
    boolean begun = another.open("DB_ADMIN_PW").isPresent();
    assertThat(begun).isEqualTo(!(at == RotationStep.GENERATE && when == Moment.BEFORE));
    RotationReport report =
        begun ? another.resume("DB_ADMIN_PW") : another.rotate("DB_ADMIN_PW", Duration.ZERO);
    assertThat(report.outcome()).isEqualTo(RotationReport.Outcome.FINISHED);
    look(scene, service);
    Secret after = service.get("prod/DB_ADMIN_PW", Duration.ZERO);
    assertThat(after.asString()).as(at + " " + when).isNotEqualTo(before);
    // The hook 'retire' needs the old values: after the backend has retired them it cannot run.
    assertThat(scene.door(user)).as("the old login after a crash %s %s", when, at).doesNotExist();
    served.add(after.asString());
  }

  private void look(RotationScene scene, SecretProvider service) {
    looks++;
    if (!scene.opens(service)) {
      shut++;
    }
  }

  /** A real end of a real process, in which nothing runs any more: kill -9 on the file store. */
  @Test
  void killedProcesses() throws Exception {
    environment.putAll(Backend.files(folder).environment());
    RotationScene scene = RotationScene.make(folder, environment);
    int kills = 0;
    try (SecretWriter writer = RotationScene.writer(environment);
        SecretProvider service = SecretProvider.builder().environment(environment).build()) {
      for (RotationStep step :
          List.of(
              RotationStep.PENDING,
              RotationStep.APPLY,
              RotationStep.PROMOTE,
              RotationStep.RENDER,
              RotationStep.RETIRE)) {
        String before = service.get("prod/DB_ADMIN_PW", Duration.ZERO).asString();
        String user = service.get("prod/DB_USERNAME", Duration.ZERO).asString();
        assertThat(killedAfter(step)).isEqualTo(128 + 9);
        kills++;
        look(scene, service);
        Rotations another =
            scene.rotations(writer, "otto", (name, at, moment) -> look(scene, service));
        assertThat(another.resume("DB_ADMIN_PW").outcome())
            .isEqualTo(RotationReport.Outcome.FINISHED);
        assertThat(service.get("prod/DB_ADMIN_PW", Duration.ZERO).asString()).isNotEqualTo(before);
        assertThat(scene.door(user)).as("the old login, killed after %s", step).doesNotExist();
      }
    }
    assertThat(shut).isZero();
    System.out.printf(
        Locale.ROOT,
        "rotation: %d processes killed on gpg in the middle of a step, each resumed; %d looks, %d"
            + " moments without a valid value%n",
        kills,
        looks,
        shut);
  }

  /** kill -9 of the program leaves its hook running: nobody deploys beside it. */
  @Test
  void aHookThatOutlivesItsProgramIsNotStartedAgainBesideIt() throws Exception {
    environment.putAll(Backend.files(folder).environment());
    RotationScene scene = RotationScene.make(folder, environment);
    Files.createFile(folder.resolve("orphan"));
    assertThat(killedAfter(RotationStep.RETIRE)).isEqualTo(128 + 9);
    long pid = Long.parseLong(Files.readString(folder.resolve("orphan-pid")).strip());
    ProcessHandle hook = ProcessHandle.of(pid).orElseThrow();
    try (SecretWriter writer = RotationScene.writer(environment)) {
      Rotations another = scene.rotations(writer, "otto", RotationListener.SILENT);
      for (Runnable way :
          List.<Runnable>of(
              () -> another.resume("DB_ADMIN_PW"), () -> another.rollback("DB_ADMIN_PW"))) {
        assertThatThrownBy(way::run)
            .hasMessageContaining("its hook 'deploy' still runs as process " + pid)
            .hasMessageContaining("'kill " + pid + "'");
      }
      assertThat(Files.readAllLines(folder.resolve("deployments"))).hasSize(1);
      assertThat(hook.destroyForcibly()).isTrue();
      hook.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(another.resume("DB_ADMIN_PW").outcome())
          .isEqualTo(RotationReport.Outcome.FINISHED);
      assertThat(Files.readAllLines(folder.resolve("deployments"))).hasSize(2);
    } finally {
      boolean unused = hook.destroyForcibly();
    }
  }

  private int killedAfter(RotationStep step) throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                KilledRotation.class.getName(),
                folder.toString(),
                step.name())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(Files.readString(folder.resolve("killed.log")));
    }
    return process.exitValue();
  }
}
