package de.lifetimecircle.secrets.gpg.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard accepts, and what it keeps for the next process. */
class RollbackGuardTest {
  @TempDir private Path folder;

  private Path mark;
  private RollbackGuard guard;

  @BeforeEach
  void make() {
    mark = folder.resolve("deeper/mark");
    guard = another();
  }

  /** As a process that was started later. */
  private RollbackGuard another() {
    return new RollbackGuard(Optional.of(mark));
  }

  private static IndexRoot root(String store, long generation) {
    return new IndexRoot(store, generation, 1, false, "", List.of(), new TreeMap<>());
  }

  @Test
  void theNewestIsKeptForTheNextProcess() throws Exception {
    guard.observe(root("s", 5), "hash");
    assertThat(mark).hasContent("s 5\n");
    assertThat(Files.getPosixFilePermissions(mark))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(mark.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    guard.observe(root("s", 9), "later");
    assertThat(another().remembered()).contains(new RollbackGuard.Mark("s", 9));
    assertThatThrownBy(() -> another().observe(root("s", 8), "hash"))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("generation 8 after 9");
    another().observe(root("s", 9), "later");
  }

  @Test
  void theAdviceNamesTheFileThatRefuses() throws Exception {
    guard.observe(root("s", 5), "hash");
    StoreFailure older = problem(another(), root("s", 4));
    assertThat(GpgErrors.advice(older)).contains("secrets store repair", "or delete " + mark);
    assertThat(GpgErrors.advice(problem(guard, root("other", 6)))).contains("gpg.high-water-file");
    Files.delete(mark);
    assertThat(GpgErrors.advice(problem(guard, root("s", 4)))).contains("restart this process");
    assertThat(GpgErrors.advice(problem(guard, root("other", 6)))).contains("restart this process");
  }

  private static StoreFailure problem(RollbackGuard guard, IndexRoot root) {
    return catchThrowableOfType(StoreFailure.class, () -> guard.observe(root, "hash"));
  }

  @Test
  void aMarkThatIsHigherIsNotLowered() throws Exception {
    guard.observe(root("s", 5), "hash");
    another().observe(root("s", 7), "hash");
    Files.setLastModifiedTime(mark, FileTime.fromMillis(0));
    another().observe(root("s", 7), "hash");
    assertThat(Files.getLastModifiedTime(mark).toMillis()).as("written again").isZero();
    assertThat(mark).hasContent("s 7\n");
  }

  /** The other process writes after this one has read the file and before it gets the lock. */
  @Test
  void aMarkThatAnotherProcessRaisesMeanwhileStays() throws Exception {
    guard.observe(root("s", 3), "hash");
    Path lock = mark.getParent().toRealPath().resolve("mark.lock");
    FutureTask<Void> observing =
        new FutureTask<>(
            () -> {
              guard.observe(root("s", 5), "later");
              return null;
            });
    Thread observer = new Thread(observing);
    StoreLock.of(lock)
        .toChange(
            CallDeadline.after(Duration.ofSeconds(60)),
            mode -> {
              observer.start();
              while (observer.getState() != Thread.State.TIMED_WAITING && observer.isAlive()) {
                Thread.onSpinWait();
              }
              return Files.writeString(mark, "s 7\n");
            });
    observing.get(60, TimeUnit.SECONDS);
    assertThat(mark).hasContent("s 7\n");
    assertThatThrownBy(() -> guard.observe(root("s", 6), "hash"))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("generation 6 after 7");
    guard.observe(root("s", 8), "hash");
    assertThat(mark).hasContent("s 8\n");
  }

  @Test
  void anotherOneOfTheSameGenerationIsRefused() throws Exception {
    guard.observe(root("s", 5), "hash");
    guard.observe(root("s", 5), "hash");
    assertThatThrownBy(() -> guard.observe(root("s", 5), "another"))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("another one of the same generation");
    guard.observe(root("s", 6), "another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "s five", "s 5 6", "s  5"})
  void aDamagedMarkIsRefused(String text) throws IOException {
    Files.createDirectories(mark.getParent());
    Files.writeString(mark, text);
    Files.setPosixFilePermissions(mark, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> guard.observe(root("s", 5), "hash"))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("is damaged");
    assertThat(mark).hasContent(text);
  }

  /** A mark that cannot be written weakens the next check, and stops nobody. */
  @Test
  void aFolderInItsPlaceStopsNoRead() throws Exception {
    RollbackGuard lost = new RollbackGuard(Optional.of(folder.resolve("mark")));
    Files.createDirectory(folder.resolve("mark.lock"));
    lost.observe(root("s", 5), "hash");
    assertThat(folder.resolve("mark")).doesNotExist();
    assertThatThrownBy(() -> lost.observe(root("s", 4), "hash")).isInstanceOf(StoreFailure.class);
  }

  @Test
  void withoutAFileOnlyThisProcessKnows() throws Exception {
    RollbackGuard alone = new RollbackGuard(Optional.empty());
    assertThat(alone.remembered()).isEmpty();
    alone.observe(root("s", 5), "hash");
    assertThat(GpgErrors.advice(problem(alone, root("s", 4)))).contains("restart this process");
    assertThat(folder).isEmptyDirectory();
  }
}
