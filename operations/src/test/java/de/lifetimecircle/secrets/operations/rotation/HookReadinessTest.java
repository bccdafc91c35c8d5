package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.HookProgram;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hooks that are not ready stop a rotation before it has changed anything. */
@ExtendWith(LeakProbeExtension.class)
class HookReadinessTest extends RotationCase {
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  /** A hook that answers check calls, and does something else in earnest. */
  private void answering(String step, String check) {
    hook(
        step,
        "[ -z \"${HOOK_CHECK:-}\" ] || { "
            + check
            + "; exit; }\ncat >/dev/null\necho "
            + step
            + " >> ran");
  }

  private void assertUntouched() {
    assertThat(held("prod/DB_ADMIN_PW")).isEqualTo(OLD);
    assertThat(journal.resolve("prod.DB_ADMIN_PW.rotation.json")).doesNotExist();
    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(log().entries()).isEmpty();
  }

  @Test
  void aMissingHookOfALaterStepStopsTheRotationBeforeItBegins() throws IOException {
    use(Kind.STAGES);
    Files.delete(folder.resolve("verify"));
    Files.setPosixFilePermissions(
        folder.resolve("retire"), PosixFilePermissions.fromString("rw-------"));
    answering("apply", "true");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("its hooks are not ready, and nothing was changed")
        .hasMessageContaining("verify (./verify): there is no such file")
        .hasMessageContaining("retire (./retire): it is not executable")
        .hasMessageContaining("'secrets check --hooks'");
    assertUntouched();
  }

  @Test
  void aFailedCheckCallStopsTheRotationAndShowsWhatItSaid() {
    use(Kind.NO_STAGES);
    answering("apply", "true");
    answering("deploy", "echo 'no such'; echo cluster >&2; exit 3");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .hasMessageContaining(
            "deploy (./deploy): its check call failed: the hook ended with 3; it said: no such"
                + " cluster")
        .hasMessageNotContaining("apply (");
    assertUntouched();
  }

  @Test
  void aCheckCallHasNamesAndNoValue(LeakProbe probe) throws IOException {
    use(Kind.STAGES);
    probe.watch("password", OLD);
    answering("deploy", "cat > asked; env > seen");
    RotationReport report = rotations().rotate("DB_ADMIN_PW");
    assertThat(report.outcome()).isEqualTo(RotationReport.Outcome.WAITING);
    String asked = Files.readString(folder.resolve("asked"));
    String seen = Files.readString(folder.resolve("seen"));
    assertThat(new HashMap<Object, Object>((Map<?, ?>) Json.parse(asked)))
        .containsEntry("check", true)
        .containsEntry("step", "deploy")
        .containsEntry("service", "ltc")
        .containsEntry("environment", "prod")
        .containsEntry("secret", "DB_ADMIN_PW")
        .containsEntry("name", "prod/DB_ADMIN_PW")
        .doesNotContainKeys("new", "old", "same", "id");
    assertThat(seen)
        .contains("HOOK_CHECK=1", "ROTATION_STEP=deploy", "ROTATION_NAME=prod/DB_ADMIN_PW");
    probe.look("input", asked).look("environment", seen).assertClean();
    // The hook itself ran afterwards, in earnest.
    assertThat(folder.resolve("ran")).hasContent("deploy");
  }

  @Test
  void aHookThatDoesNotKnowCheckCallsIsNotCalledForOne() {
    use(Kind.STAGES);
    hook("deploy", "cat >/dev/null; echo deployed >> ran; exit 9");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    assertThat(folder.resolve("ran")).hasContent("deployed");
  }

  @Test
  void aCheckCallThatPrintsAValueIsNotShown(LeakProbe probe) {
    use(Kind.STAGES);
    String canary = probe.canary("password");
    store.holding("prod/DB_ADMIN_PW", canary);
    answering("verify", "printf '%s' '" + canary + "' | base64; exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .satisfies(e -> probe.look("message", e).assertClean())
        .hasMessageContaining("the hook printed a value");
  }

  @Test
  void aCheckCallThatHangsIsStopped() {
    use(Kind.STAGES);
    answering("test", "sleep 600");
    Rotations rotations = rotations(Duration.ofMillis(300));
    assertThatThrownBy(() -> rotations.rotate("DB_ADMIN_PW"))
        .hasMessageContaining("test (./test): no answer to a check call in time");
    assertUntouched();
  }

  /** A crash before the promotion: whoever resumes learns of a broken hook before it is served. */
  @Test
  void isLookedAtAgainWhenARotationResumesBeforeThePromotionOnly() throws IOException {
    use(Kind.STAGES);
    hook("test", "cat >/dev/null; exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    hook("test", "cat >/dev/null");
    answering("verify", "exit 4");
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("verify (./verify): its check call failed");
    assertThat(held("prod/DB_ADMIN_PW")).isEqualTo(OLD);
    hook("verify", "cat >/dev/null; exit 1");
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    assertThat(held("prod/DB_ADMIN_PW")).isNotEqualTo(OLD);
    // Promoted: nothing can be prevented any more, so the hook runs and decides itself.
    answering("verify", "exit 4");
    assertThat(rotations().resume("DB_ADMIN_PW").outcome())
        .isEqualTo(RotationReport.Outcome.WAITING);
    assertThat(folder.resolve("ran")).hasContent("verify");
  }

  /** Somebody's own variable must not turn a real call into a check call. */
  @Test
  void aRealCallHasNoVariableOfACheck() {
    Map<String, String> environment = new HashMap<>(Map.of(HookProgram.CHECK, "1", "HOME", "/"));
    HookRunner.prepare(environment, Map.of("ROTATION_STEP", "deploy"));
    assertThat(environment).containsOnlyKeys("HOME", "ROTATION_STEP");
    HookRunner.prepare(environment, Map.of(HookProgram.CHECK, "1"));
    assertThat(environment).containsKey(HookProgram.CHECK);
  }
}
