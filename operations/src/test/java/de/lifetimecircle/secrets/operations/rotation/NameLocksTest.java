package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks of two holders in one process: a refusal leaves no name locked. */
class NameLocksTest {
  private static final List<String> NAMES = List.of("prod/A", "prod/B", "prod/C");

  @TempDir Path folder;

  private NameLocks locks(String who) {
    return new NameLocks(folder, who, "rotate secret", null);
  }

  private static void assertRefused(String name, String why, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining(why);
  }

  /** Another holder can lock all names, one by one. */
  private void assertFree(List<String> names) {
    for (String name : names) {
      try (NameLocks other = locks("clara")) {
        assertThat(other.reserve(List.of(name))).as(name).isSameAs(other);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod/A", "prod/B", "prod/C"})
  void nameOfAnotherHolderLeavesTheOtherNamesFree(String taken) {
    List<String> others = NAMES.stream().filter(name -> !name.equals(taken)).toList();
    try (NameLocks mine = locks("bert")) {
      try (NameLocks theirs = locks("anna").and(List.of(taken))) {
        assertRefused(taken, "(anna)", () -> mine.and(NAMES));
        assertFree(others);
        assertRefused(taken, "(anna)", () -> mine.and(List.of(taken)));
        assertThat(theirs.and(others)).isSameAs(theirs);
        assertRefused(others.get(0), "(anna)", () -> mine.reserve(others));
      }
      assertThat(mine.and(NAMES)).isSameAs(mine);
      NAMES.forEach(
          name -> assertRefused(name, "(bert)", () -> locks("anna").reserve(List.of(name))));
    }
    assertFree(NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod/A", "prod/B", "prod/C"})
  void hookThatStillRunsLeavesEveryNameFree(String name) throws IOException {
    RunningHook record = RunningHook.in(RecordFolder.makeLocks(folder), name);
    HookResult result =
        new HookRunner(folder, Duration.ofSeconds(60))
            .run(
                List.of("sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $! > child; exit 1"),
                Map.of(),
                "",
                List.of(),
                hook -> record.began(RotationStep.DEPLOY, hook),
                HookWatch.NONE);
    assertThat(result.code()).isEqualTo(1);
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("child")).strip()))
            .orElseThrow();
    try (NameLocks mine = locks("bert").and(List.of("prod/EARLIER"))) {
      assertRefused(name, "its hook 'deploy' still runs", () -> mine.and(NAMES));
      assertFree(NAMES);
      assertFree(List.of("prod/EARLIER"));
      assertThat(child.destroyForcibly()).isTrue();
      assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(mine.and(NAMES)).isSameAs(mine);
    } finally {
      child.destroyForcibly();
    }
    assertFree(NAMES);
  }

  /** A rotation within an emergency ends before the emergency, which keeps its names. */
  @Test
  void namesOfTheCallerStayLockedUntilTheCallerReleasesThem() {
    try (NameLocks caller = locks("anna").reserve(List.of("prod/A"))) {
      try (NameLocks inner = new NameLocks(folder, "anna", "rotate secret", caller)) {
        assertThat(inner.and(List.of("prod/A", "prod/B"))).isSameAs(inner);
      }
      assertFree(List.of("prod/B"));
      assertRefused("prod/A", "(anna)", () -> locks("bert").reserve(List.of("prod/A")));
    }
    assertFree(List.of("prod/A"));
  }
}
