package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.WriteNote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of a store that somebody put back from an older backup, beside newer ones. */
class GpgPutBackTest extends GpgHeldSecrets {
  private static final String VERSION_3 = ".fgp/versions/a~/00000003.pgp";
  private final Map<String, byte[]> older = new TreeMap<>();

  /** Keeps the older state, then stores version 3 of {@code a}. */
  @BeforeEach
  void storeOneMore() {
    on.files().forEach(file -> older.put(file, on.bytes(file)));
    put(store, "a", "a-three");
    store.close();
  }

  /** Puts back what an older backup has of these: the files whose path begins so. */
  private void putBack(String... beginnings) throws Exception {
    for (Map.Entry<String, byte[]> file : older.entrySet()) {
      for (String beginning : beginnings) {
        if (file.getKey().startsWith(beginning)) {
          Path path = on.file(file.getKey());
          Files.createDirectories(path.getParent());
          Files.write(path, file.getValue());
        }
      }
    }
  }

  private Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    for (String file : on.files()) {
      content.put(file, Sha256.hex(on.bytes(file)));
    }
    return content;
  }

  @Test
  void readDeletesNothingAfterIndexBucketAndManifestWerePutBack() throws Exception {
    putBack(".fgp/index", ".fgp/versions/a~/MANIFEST.pgp");
    Map<String, String> before = content();
    try (GpgStore reopened = on.open()) {
      // The newest value, which the signed files do not know: not served, and not lost.
      assertFails(Kind.CORRUPT, "put back to an older state", () -> reopened.fetch("a"));
      assertFails(Kind.CORRUPT, "mv -n ", () -> reopened.versions("a"));
      assertThat(get(reopened, "b")).isEqualTo("b-one");
      assertThat(reopened.list("")).containsExactly("a", "b");
      assertThat(reopened.check())
          .containsEntry("versions newer than the index", "1 (" + VERSION_3 + ")");
    }
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void oddNotesStopNoWrite() throws Exception {
    String note = StoreLayout.TEMPORARY + "/changing-";
    Files.createDirectories(on.file(StoreLayout.TEMPORARY));
    Files.createSymbolicLink(on.file(note + "1".repeat(32)), Path.of("/etc/hostname"));
    Files.createDirectories(on.file(note + "2".repeat(32)).resolve("inside"));
    on.write(note + "3".repeat(32), new byte[WriteNote.MAX_BYTES + 1]);
    try (GpgStore reopened = on.open()) {
      put(reopened, "a", "a-four");
      assertThat(get(reopened, "a")).isEqualTo("a-four");
    }
    assertThat(on.file(StoreLayout.TEMPORARY)).isEmptyDirectory();
    assertThat(on.files()).anyMatch(file -> file.startsWith(".fgp/aside/tmp/changing-333"));
  }

  @Test
  void adviceNamesWhatRemembersTheNewerState() throws Exception {
    try (GpgStore running = on.open()) {
      assertThat(get(running, "a")).isEqualTo("a-three");
      putBack(".fgp/index", ".fgp/versions/a~/MANIFEST.pgp", "a.gpg");
      assertFails(Kind.CORRUPT, "restart this process", () -> running.fetch("a"));
    }
    on.with("high-water-file", home.resolve("mark").toString());
    Files.writeString(home.resolve("mark"), "another-store 1\n");
    Files.setPosixFilePermissions(home.resolve("mark"), TestStore.FILE_RIGHTS);
    assertFailsAnew(Kind.CORRUPT, "Check gpg.store", "a");
  }

  @Test
  void writeMovesAsideWhatNoManifestLists() throws Exception {
    byte[] newest = on.bytes(VERSION_3);
    putBack(".fgp/index", ".fgp/versions/a~/MANIFEST.pgp", "a.gpg");
    Map<String, String> before = content();
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-two");
      assertThat(content()).isEqualTo(before);
      put(reopened, "a", "a-other");
      assertThat(get(reopened, "a")).isEqualTo("a-other");
      assertThat(reopened.versions("a")).hasSize(3);
      // The bucket as well: the older root goes on with the number of the newer one.
      List<String> aside = aside();
      assertThat(aside).hasSize(2);
      assertThat(aside.get(0)).startsWith(".fgp/aside/index/");
      assertThat(aside.get(1)).startsWith(".fgp/aside/versions/a~/00000003.pgp.");
      assertThat(on.bytes(aside.get(1))).isEqualTo(newest);
      assertThat(reopened.check()).containsEntry("files moved aside", "2 in .fgp/aside");
    }
  }

  private List<String> aside() {
    return on.files().stream().filter(file -> file.startsWith(".fgp/aside/")).toList();
  }

  @Test
  void bucketsNewerThanTheIndexStay() throws Exception {
    List<String> newer = new ArrayList<>(on.files());
    newer.removeIf(file -> !file.startsWith(".fgp/index/"));
    putBack(".fgp/index.pgp", ".fgp/versions/a~/MANIFEST.pgp", "a.gpg");
    putBack(".fgp/index/");
    Map<String, String> content = content();
    try (GpgStore reopened = on.open()) {
      put(reopened, "b", "b-two");
      put(reopened, "a", "a-other");
      put(reopened, "a", "a-next");
    }
    List<String> hashes = on.files().stream().map(file -> Sha256.hex(on.bytes(file))).toList();
    for (String bucket : newer) {
      assertThat(hashes).as(bucket).contains(content.get(bucket));
    }
  }

  @Test
  void versionsWithoutAManifestAreNotDeletedByARead() throws Exception {
    on.delete(".fgp/versions/a~/MANIFEST.pgp");
    on.delete("a.gpg");
    Files.delete(on.file(".fgp/index.pgp"));
    putBack(".fgp/index.pgp");
    // An index from before the name was first stored.
    try (GpgStore other = new TestStore(home, "store", "key.pgp").open()) {
      Map<String, String> before = content();
      assertFails(Kind.CORRUPT, "MANIFEST.pgp is gone", () -> other.fetch("a"));
      assertThat(content()).isEqualTo(before);
    }
  }

  @Test
  void filesOfAPurgedSecretThatWerePutBackAreNotDeletedByARead() throws Exception {
    try (GpgStore reopened = on.open()) {
      reopened.delete("a");
      reopened.purge("a");
    }
    assertThat(on.files()).noneMatch(file -> file.contains("/a~/"));
    putBack(".fgp/versions/a~/");
    Map<String, String> before = content();
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.NOT_FOUND, "no such secret", () -> reopened.fetch("a"));
      assertThat(content()).isEqualTo(before);
      put(reopened, "a", "a-new");
      assertThat(get(reopened, "a")).isEqualTo("a-new");
      assertThat(aside()).hasSize(3);
      reopened.delete("a");
      reopened.purge("a");
    }
    // Purged means gone for good, wherever it lay.
    assertThat(on.files()).noneMatch(file -> file.contains("/a~/"));
  }

  @Test
  void damagedVersionIsKeptAsideWhenItsCopyReplacesIt() throws Exception {
    byte[] other = {1, 2, 3};
    on.write(VERSION_3, other);
    try (GpgStore reopened = on.open()) {
      reopened.promote("a", "2");
      assertThat(TestStore.text(reopened.fetchVersion("a", "3"))).isEqualTo("a-three");
    }
    assertThat(aside()).hasSize(1);
    assertThat(on.bytes(aside().get(0))).isEqualTo(other);
  }

  @Test
  void copyOfAnOlderVersionIsKeptWhereItIsTheLastOne() throws Exception {
    byte[] second = on.bytes(".fgp/versions/a~/00000002.pgp");
    on.write("a.gpg", second);
    on.delete(".fgp/versions/a~/00000002.pgp");
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-three");
      assertThat(TestStore.text(reopened.fetchVersion("a", "2"))).isEqualTo("a-two");
    }
  }

  @Test
  void foreignFilesAmongTheTemporaryOnesStay() throws Exception {
    Files.createDirectories(on.file(".fgp/tmp"));
    on.write(".fgp/tmp/notes-of-mine", new byte[] {1});
    on.write(".fgp/tmp/changing-0123456789abcdef0123456789abcdef", bytes("a\n"));
    try (GpgStore reopened = on.open()) {
      put(reopened, "b", "b-two");
    }
    assertThat(on.files()).contains(".fgp/tmp/notes-of-mine");
    assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/changing"));
  }

  /** A note that was put back as well may not name what is in force, or what has other content. */
  @Test
  void noteDeletesNothingThatIsInForceOrHasAnotherContent() throws Exception {
    Files.createDirectories(on.file(".fgp/tmp"));
    String right = Sha256.hex(on.bytes(VERSION_3));
    String note =
        "a\n"
            + VERSION_3
            + " "
            + right
            + "\n"
            + "b.gpg "
            + Sha256.hex(on.bytes("b.gpg"))
            + "\n"
            + ".fgp/index.pgp "
            + Sha256.hex(on.bytes(".fgp/index.pgp"))
            + "\n"
            + "../key.pgp "
            + Sha256.hex(Files.readAllBytes(home.resolve("key.pgp")))
            + "\n";
    on.write(".fgp/tmp/changing-0123456789abcdef0123456789abcdef", bytes(note));
    try (GpgStore reopened = on.open()) {
      put(reopened, "other", "one");
      assertThat(get(reopened, "a")).isEqualTo("a-three");
      assertThat(get(reopened, "b")).isEqualTo("b-one");
    }
    assertThat(on.files()).contains(VERSION_3, "b.gpg", ".fgp/index.pgp");
    assertThat(home.resolve("key.pgp")).exists();
    assertThat(aside()).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** As in a copy that a program made from the index to the versions while others wrote. */
  @Test
  void repairTakesManifestsThatTheIndexDoesNotKnowYet() throws Exception {
    try (GpgStore reopened = on.open()) {
      put(reopened, "a", "a-four");
      put(reopened, "c", "c-one");
      put(reopened, "c", "c-two");
    }
    putBack(".fgp/index");
    try (GpgStore reopened = on.open()) {
      for (String name : List.of("a", "c")) {
        assertFails(Kind.CORRUPT, "is newer than the index says", () -> reopened.fetch(name));
        assertFails(Kind.CORRUPT, "secrets store repair", () -> reopened.fetch(name));
      }
      reopened.repair(reopened.planRepair().orElseThrow());
    }
    try (GpgStore repaired = on.open()) {
      assertThat(get(repaired, "a")).isEqualTo("a-four");
      assertThat(get(repaired, "c")).isEqualTo("c-two");
    }
  }
}
