package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators and other programs do to the folder of a store, without bad intent. */
class GpgFolderTest extends GpgHeldSecrets {
  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    byte[] said = process.getInputStream().readAllBytes();
    assertThat(process.waitFor())
        .as(new String(said, java.nio.charset.Charset.defaultCharset()))
        .isZero();
  }

  @Test
  void backupByHardLinksHarmsNeither() throws Exception {
    run(home, "cp", "-al", "store", "linked");
    TestStore linked = new TestStore(home, "linked", "key.pgp");
    try (GpgStore reopened = on.open();
        GpgStore copy = linked.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-two");
      put(reopened, "a", "a-three");
      reopened.delete("b");
      assertThat(get(store, "a")).isEqualTo("a-three");
      assertThat(get(copy, "a")).isEqualTo("a-two");
      assertThat(get(copy, "b")).isEqualTo("b-one");
      assertThat(copy.verify().findings()).isEmpty();
      put(copy, "b", "b-two");
      assertThat(get(reopened, "a")).isEqualTo("a-three");
    }
  }

  private void allow(String file, String rights) throws Exception {
    Files.setPosixFilePermissions(on.file(file), PosixFilePermissions.fromString(rights));
  }

  @ParameterizedTest
  @ValueSource(strings = {".fgp", ".fgp/versions/d", ".fgp/index", "d"})
  void folderInsideThatOthersMayWriteIsRefused(String folder) throws Exception {
    put(store, "d/c", "one");
    allow("", "rwxr-xr-x");
    assertThat(get(store, "d/c")).isEqualTo("one");
    allow(folder, "rwxrwxrwx");
    String advice = "Run: chmod go-w " + on.file(folder).toRealPath();
    assertFailsAnew(Kind.ACCESS_DENIED, advice, "d/c");
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.ACCESS_DENIED, advice, () -> put(reopened, "d/c", "two"));
    }
    allow("", "rwx------"); // then nobody else gets to the folders below
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "d/c")).isEqualTo("one");
    }
  }

  @Test
  void emptiedFolderIsNotANewStore() throws Exception {
    TestStore.erase(on.folder);
    Files.createDirectory(on.folder, OwnerOnlyFiles.folder(home));
    Path list = home.resolve("key.pgp.stores");
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.UNAVAILABLE, "Mount or restore it", () -> put(reopened, "a", "x"));
      assertFails(Kind.UNAVAILABLE, "rm -f '" + list + "'", () -> put(reopened, "a", "x"));
      assertThat(on.folder).isEmptyDirectory();
      run(home, "rm", list.toString());
      assertThat(put(reopened, "a", "x")).isEqualTo("1");
    }
  }

  /** Whatever a read finds, a folder that went during it, as by an unmount, is no damage. */
  @Test
  void folderThatGoesDuringAReadIsOutOfReach() throws Exception {
    Files.writeString(on.file(StoreLayout.manifest("a")), "damaged"); // so that it reads on
    Path away = home.resolve("away");
    AtomicInteger left = new AtomicInteger();
    CrashHook unmounts =
        new CrashHook() {
          @Override
          public void before(String step, String file) {}

          @Override
          public void beforeRead(String file) throws IOException {
            if (left.decrementAndGet() == 0) {
              Path unused = Files.move(on.folder, away);
            }
          }
        };
    try (GpgStore reader = on.open(unmounts)) {
      assertFails(Kind.CORRUPT, "a~", () -> get(reader, "a"));
      left.set(0);
      assertFails(Kind.CORRUPT, "a~", () -> get(reader, "a"));
      int reads = -left.get();
      for (int i = 1; i <= reads; i++) {
        left.set(i);
        assertFails(Kind.UNAVAILABLE, "Check the disk", () -> get(reader, "a"));
        Path unused = Files.move(away, on.folder);
      }
      assertThat(reads).isGreaterThan(6);
    }
  }

  @Test
  void oneKeyMayHaveSeveralStores() throws Exception {
    TestStore second = new TestStore(home, "second", "key.pgp");
    try (GpgStore other = second.open()) {
      assertThat(other.isUnmade()).isTrue();
      put(other, "a", "other");
      put(store, "a", "a-three");
      assertThat(other.isUnmade()).isFalse();
    }
    assertThat(Files.readAllLines(home.resolve("key.pgp.stores")))
        .containsExactly(on.folder.toString(), second.folder.toString());
    TestStore.erase(second.folder);
    try (GpgStore other = second.open()) {
      assertFails(Kind.UNAVAILABLE, "not mounted", other::isUnmade);
      assertFails(Kind.UNAVAILABLE, "not mounted", () -> put(other, "a", "x"));
    }
  }

  @Test
  void copyOfANewKeyThatACrashLeftIsRemoved() throws Exception {
    Path folder = Files.createDirectory(home.resolve("fresh"));
    Path left = folder.resolve(".key.pgp." + UUID.randomUUID());
    Files.write(left, Files.readAllBytes(home.resolve("key.pgp")));
    Path kept = Files.writeString(folder.resolve("key.pgp.backup"), "somebody else's");
    try (GpgStore fresh = new TestStore(folder).open()) {
      put(fresh, "a", "one");
    }
    assertThat(left).doesNotExist();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "store", "key.pgp", "key.pgp.stores", kept.getFileName().toString());
    }
  }

  @Test
  void nameThatCannotBeServedIsNotLeftOutSilently() throws Exception {
    on.with("foreign-edits", "adopt");
    Files.copy(on.file("a.gpg"), on.file("with space.gpg"));
    try (GpgStore adopting = on.open()) {
      assertThat(adopting.list("")).containsExactly("a", "b");
      assertThat(adopting.check().get("files that are not served"))
          .contains("1,", "'with space'", "pass mv");
    }
  }

  /** Removes as {@code pass rm} does: the file alone. */
  private void remove(String... names) {
    Arrays.stream(names).forEach(name -> on.delete(name + ".gpg"));
  }

  @Test
  void removedByAnotherProgramStaysRemoved() throws Exception {
    on.with("foreign-edits", "adopt");
    try (GpgStore adopting = on.open()) {
      assertThat(get(adopting, "a")).isEqualTo("a-two");
      remove("a", "b");
      assertFails(Kind.NOT_FOUND, "secrets restore a", () -> adopting.fetch("a"));
      assertThat(adopting.list("")).isEmpty();
      put(adopting, "c", "c-one");
      assertFails(Kind.PENDING_DELETION, "deleted", () -> put(adopting, "a", "x"));
      assertThat(on.file("a.gpg")).doesNotExist();
      adopting.restore("a");
      adopting.restore("b");
      assertThat(adopting.list("")).isEqualTo(List.of("a", "b", "c"));
      assertThat(get(adopting, "a")).isEqualTo("a-two");
      assertThat(adopting.verify().findings()).isEmpty();
    }
  }

  @Test
  void renamedByAnotherProgramHasOneName() throws Exception {
    on.with("foreign-edits", "adopt");
    try (GpgStore adopting = on.open()) {
      Files.move(on.file("a.gpg"), on.file("moved.gpg"));
      assertThat(get(adopting, "moved")).isEqualTo("a-two");
      assertFails(Kind.NOT_FOUND, "another program removed it", () -> adopting.fetch("a"));
      assertThat(adopting.list("")).containsExactly("b", "moved");
      assertThat(on.file("a.gpg")).doesNotExist();
    }
  }
}
