package de.lifetimecircle.secrets.gpg.session;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.TestKeys;
import de.lifetimecircle.secrets.gpg.store.FastTempDir;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with a {@code .gpg-id} of their own, as the real {@code pass} makes them. */
class GpgFolderRecipientsTest {
  private static GpgHome gpg;
  private static String own;
  private static String bob;

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private TestStore on;

  @BeforeAll
  static void generate() {
    gpg = new GpgHome();
    own = gpg.generateCurve("own@example.org", "");
    bob = gpg.generateCurve("bob@example.org", "");
  }

  @AfterAll
  static void close() {
    gpg.close();
  }

  @BeforeEach
  void makeStore() throws IOException {
    Path key = home.resolve("key.pgp");
    Files.write(key, gpg.exportSecret(own, ""));
    Files.setPosixFilePermissions(key, TestStore.FILE_RIGHTS);
    on = new TestStore(home).with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
  }

  private void pass(String stdin, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PASSWORD_STORE_DIR", on.folder.toString());
    String[] command = new String[arguments.length + 1];
    command[0] = "pass";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    gpg.run(environment, stdin.getBytes(StandardCharsets.UTF_8), command).orFail();
  }

  private void insert(String name, String value) {
    pass(value, "insert", "--multiline", "--force", name);
  }

  private Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>();
    on.files().forEach(file -> hashes.put(file, Sha256.hex(on.bytes(file))));
    return hashes;
  }

  /** To how many keys the file is encrypted. */
  private int readers(String name) throws PgpFailure {
    return TestKeys.recipientKeyIds(on.bytes(name + ".gpg")).size();
  }

  private void assertKeptApart(String name, String value, String gpgId) {
    Map<String, String> before = hashes();
    try (GpgStore store = on.open()) {
      assertThat(get(store, name)).isEqualTo(value);
      assertThat(get(store, name)).as("the second time").isEqualTo(value);
      String version = store.fetch(name).version();
      assertThat(text(store.fetchVersion(name, version))).isEqualTo(value);
      assertThat(store.versions(name)).hasSize(1);
      assertThat(store.describe(name)).containsEntry("current", version);
      assertThat(store.list("")).contains(name);
      assertThat(store.verify().findings())
          .filteredOn(found -> found.subject().startsWith(name))
          .allMatch(found -> found.level() == Level.NOTE);
      Kind kind = gpgId.equals(".gpg-id") ? Kind.CORRUPT : Kind.CONFLICT;
      assertFails(kind, gpgId, () -> put(store, name, "ours"));
      assertFails(kind, gpgId, () -> store.delete(name));
    }
    assertThat(hashes()).isEqualTo(before);
  }

  @Test
  void folderWithMoreRecipientsKeepsThem() throws Exception {
    pass("", "init", "-p", "team", own, bob);
    insert("team/db", "for both");
    assertKeptApart("team/db", "for both", "team/.gpg-id");
    assertThat(readers("team/db")).isEqualTo(2);
    try (GpgStore store = on.open()) {
      String before = store.fetch("team/db").version();
      insert("team/db", "edited");
      assertThat(get(store, "team/db")).as("a warm store").isEqualTo("edited");
      assertThat(store.fetch("team/db").version()).isNotEqualTo(before);
      assertFails(Kind.CONFLICT, "pass init -p team ''", () -> put(store, "team/new", "x"));
      assertThat(on.file("team/new.gpg")).doesNotExist();
    }
    pass("", "init", "-p", "team", "");
    try (GpgStore store = on.open()) {
      assertThat(get(store, "team/db")).isEqualTo("edited");
      put(store, "team/db", "ours now");
      assertThat(store.fetch("team/db").version()).isEqualTo("2");
    }
    assertThat(readers("team/db")).isEqualTo(1);
  }

  @Test
  void folderWithFewerRecipientsLetsNobodyIn() throws Exception {
    try (GpgStore store = on.open()) {
      store.addRecipient(gpg.exportPublic(bob));
    }
    pass("", "init", "-p", "private", own);
    insert("private/p", "only ours");
    assertKeptApart("private/p", "only ours", "private/.gpg-id");
    assertThat(readers("private/p")).isEqualTo(1);
  }

  /** The folder gets its own recipients after the store has written there. */
  @Test
  void folderOfOursThatPassTakesOver() throws Exception {
    try (GpgStore store = on.open()) {
      put(store, "team/db", "ours");
      pass("", "init", "-p", "team", own, bob);
      assertThat(readers("team/db")).as("pass encrypted it again").isEqualTo(2);
      assertThat(get(store, "team/db")).isEqualTo("ours");
      assertThat(readers("team/db")).isEqualTo(2);
      assertFails(Kind.CONFLICT, "team/.gpg-id", () -> put(store, "team/db", "x"));
      store.addRecipient(gpg.exportPublic(bob));
      put(store, "team/db", "the same people now");
      assertThat(get(store, "team/db")).isEqualTo("the same people now");
      assertThat(readers("team/db")).isEqualTo(2);
    }
  }

  @Test
  void whatPassRemovesInItsFolderStaysRemoved() throws Exception {
    try (GpgStore store = on.open()) {
      put(store, "team/db", "ours");
      put(store, "team/db", "ours too");
      pass("", "init", "-p", "team", own, bob);
      pass("", "rm", "--force", "team/db");
      for (int i = 0; i < 2; i++) {
        assertFails(Kind.NOT_FOUND, "another program removed it", () -> store.fetch("team/db"));
        assertFails(Kind.NOT_FOUND, "removed", () -> store.fetchVersion("team/db", "1"));
      }
      assertFails(Kind.CONFLICT, "team/.gpg-id", () -> put(store, "team/db", "x"));
      assertFails(Kind.CONFLICT, "team/.gpg-id", () -> store.delete("team/db"));
      assertFails(Kind.CONFLICT, "team/.gpg-id", () -> store.retire("team/db", "1"));
      assertThat(store.list("")).containsExactly("a");
      assertThat(store.check()).isNotEmpty();
      assertThat(store.verify().findings()).allMatch(found -> found.level() == Level.NOTE);
      store.backup(home.resolve("backup.tar"), ExistingFile.KEEP);
      assertThat(get(store, "a")).isEqualTo("one");
    }
  }

  @Test
  void recipientOfTheStoreDoesNotBringBackWhatPassRemoved() throws Exception {
    GpgHome third = new GpgHome();
    try (third;
        GpgStore store = on.open()) {
      String id = third.generateCurve("third@example.org", "");
      put(store, "team/db", "ours");
      pass("", "init", "-p", "team", own, bob);
      pass("", "rm", "--force", "team/db");
      store.addRecipient(third.exportPublic(id));
      assertThat(on.file("team/db.gpg")).doesNotExist();
      assertThat(store.recipientFindings()).isEmpty();
      assertFails(Kind.NOT_FOUND, "removed", () -> store.fetch("team/db"));
      assertThat(get(store, "a")).isEqualTo("one");
    }
  }

  @Test
  void changeOfTheStoresRecipientsLeavesTheFolderAlone() throws Exception {
    GpgHome third = new GpgHome();
    try (third;
        GpgStore store = on.open()) {
      String id = third.generateCurve("third@example.org", "");
      put(store, "team/db", "ours");
      pass("", "init", "-p", "team", own, bob);
      byte[] theirs = on.bytes("team/db.gpg");
      store.addRecipient(third.exportPublic(id));
      assertThat(on.bytes("team/db.gpg")).isEqualTo(theirs);
      assertThat(on.files()).contains(".fgp/versions/team/db~/00000001.r2.pgp");
      assertThat(store.recipientFindings()).isEmpty();
      assertThat(get(store, "team/db")).isEqualTo("ours");
      assertThat(get(store, "a")).isEqualTo("one");
    }
  }

  @Test
  void nearestFolderDecides() throws Exception {
    pass("", "init", "-p", "team", own, bob);
    pass("", "init", "-p", "team/inner", own);
    insert("team/inner/deep/x", "x");
    insert("team/other/y", "y");
    try (GpgStore store = on.open()) {
      assertThat(get(store, "team/inner/deep/x")).isEqualTo("x");
      assertThat(store.fetch("team/inner/deep/x").version()).isEqualTo("1");
      put(store, "team/inner/deep/x", "ours");
    }
    assertKeptApart("team/other/y", "y", "team/.gpg-id");
  }

  @Test
  void rootThatPassChangedIsNotOverruledByARead() throws Exception {
    pass("", "init", own, bob);
    insert("db", "for both");
    assertKeptApart("db", "for both", ".gpg-id");
    assertThat(readers("db")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OWN\nBOB\n",
        "BOB\nOWN",
        "# the team\n\nOWN # us\n  BOB  \r\n",
        "0xOWN\nbob@example.org\n",
        "own@example.org\n<bob@example.org>\n",
        "OWN-KEYID\nBOB-SUBKEY!\n",
        "OWN-LOWER\n=bob@example.org\nBOB\n"
      })
  void sameRecipientsInAnotherFormAreAdopted(String ids) throws Exception {
    try (GpgStore store = on.open()) {
      store.addRecipient(gpg.exportPublic(bob));
    }
    folder(ids);
    try (GpgStore store = on.open()) {
      assertThat(get(store, "team/db")).isEqualTo("value");
      assertThat(store.fetch("team/db").version()).isEqualTo("1");
      put(store, "team/db", "ours");
    }
    assertThat(readers("team/db")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OWN\n",
        "",
        "# OWN\n# BOB\n",
        "OWN\nBOB\nstranger@example.org\n",
        "OWN\nbob\n",
        "OWN\nbob@example.com\n",
        "OWN\nBOB-SHORT\n",
        "OWN\nBOB!\n",
        "OWN BOB\n"
      })
  void otherRecipientsAreKeptApart(String ids) throws Exception {
    try (GpgStore store = on.open()) {
      store.addRecipient(gpg.exportPublic(bob));
    }
    folder(ids);
    assertKeptApart("team/db", "value", "team/.gpg-id");
  }

  /** A file that somebody encrypted to us, in a folder with those ids. */
  private void folder(String ids) throws Exception {
    String subkey = gpg.fingerprints(bob).get(1);
    String written =
        ids.replace("OWN-KEYID", own.substring(24))
            .replace("OWN-LOWER", own.toLowerCase(java.util.Locale.ROOT))
            .replace("BOB-SUBKEY", subkey)
            .replace("BOB-SHORT", bob.substring(32))
            .replace("OWN", own)
            .replace("BOB", bob);
    Files.createDirectory(on.file("team"));
    on.write("team/.gpg-id", written.getBytes(StandardCharsets.UTF_8));
    on.write(
        "team/db.gpg",
        PgpCodec.encrypt(
            "value".getBytes(StandardCharsets.UTF_8),
            java.util.List.of(PgpCertificate.parse(gpg.exportPublic(own))),
            Instant.now().plusSeconds(5)));
  }

  @Test
  void passwordStoreKeyHasNoEffect() {
    on.environment.put("PASSWORD_STORE_KEY", bob);
    insert("new", "value");
    try (GpgStore store = on.open()) {
      assertThat(get(store, "new")).isEqualTo("value");
      assertThat(store.fetch("new").version()).isEqualTo("1");
    }
  }

  @Test
  void rejectingStoreWritesNotBelowAnotherFolderEither() {
    on.with("foreign-edits", "reject");
    pass("", "init", "-p", "team", own, bob);
    insert("team/db", "for both");
    try (GpgStore store = on.open()) {
      assertFails(Kind.CORRUPT, "team/db.gpg", () -> store.fetch("team/db"));
      assertFails(Kind.CONFLICT, "team/.gpg-id", () -> put(store, "team/new", "x"));
      put(store, "a", "two");
    }
  }
}
