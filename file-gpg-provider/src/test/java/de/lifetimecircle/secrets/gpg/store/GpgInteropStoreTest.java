package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.GpgStoreTest.assertKind;
import static de.lifetimecircle.secrets.gpg.store.TestStore.FOLDER_RIGHTS;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store beside the real {@code gpg} and {@code pass}. */
class GpgInteropStoreTest {
  @TempDir private Path home;
  private GpgHome gpg;
  private TestStore on;
  private String fingerprint;

  @BeforeEach
  void shareAKey() throws IOException {
    gpg = new GpgHome();
    fingerprint = gpg.generateCurve("store@example.org", "");
    write("key.pgp", gpg.exportSecret(fingerprint, ""));
    on = new TestStore(home);
  }

  @AfterEach
  void close() {
    gpg.close();
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = home.resolve(name);
    Files.write(file, content);
    Files.setPosixFilePermissions(file, TestStore.FILE_RIGHTS);
    return file;
  }

  private GpgHome.Result pass(String stdin, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PASSWORD_STORE_DIR", on.folder.toString());
    String[] command = new String[arguments.length + 1];
    command[0] = "pass";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return gpg.run(all, stdin.getBytes(StandardCharsets.UTF_8), command);
  }

  private GpgHome.Result pass(String... arguments) {
    return pass("", Map.of(), arguments);
  }

  @Test
  void passAndGpgReadWhatWeWrite() {
    try (GpgStore store = on.open()) {
      put(store, "db/password", "first");
      put(store, "db/password", "second");
      put(store, "api-key", "third");
    }
    assertThat(pass("show", "db/password").orFail().text()).isEqualTo("second");
    assertThat(pass("ls").orFail().text()).contains("api-key", "password").doesNotContain("fgp");
    for (String file : on.files()) {
      if (file.endsWith(".gpg") || file.matches(".*/[0-9]{8}\\.pgp")) {
        gpg.gpg(new byte[0], "-d", on.file(file).toString()).orFail();
      }
    }
    String manifest =
        gpg.gpg(new byte[0], "-d", on.file(".fgp/versions/db/password~/MANIFEST.pgp").toString())
            .orFail()
            .text();
    assertThat(manifest).contains("\"name\":\"db/password\"");
    assertThat(
            gpg.gpg(
                    new byte[0],
                    "--verify",
                    on.file(".gpg-id.sig").toString(),
                    on.file(".gpg-id").toString())
                .exit())
        .isZero();
  }

  @Test
  void passRefusesNoGpgIdOfOurs() {
    try (GpgStore store = on.open()) {
      put(store, "a", "first");
    }
    pass(
            "typed\n",
            Map.of("PASSWORD_STORE_SIGNING_KEY", fingerprint),
            "insert",
            "--echo",
            "--force",
            "a")
        .orFail();
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("typed\n");
    }
  }

  @Test
  void insertedByPassIsAdoptedAsANewVersion() {
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "db/password", "ours");
      pass("theirs\n", Map.of(), "insert", "--multiline", "--force", "db/password").orFail();
      assertThat(get(store, "db/password")).isEqualTo("theirs\n");
      assertThat(store.fetch("db/password").version()).isEqualTo("2");
      assertThat(text(store.fetchVersion("db/password", "1"))).isEqualTo("ours");
      pass("brand new", Map.of(), "insert", "--multiline", "x/new").orFail();
      assertThat(store.list("")).containsExactly("db/password", "x/new");
      assertThat(get(store, "x/new")).isEqualTo("brand new");
      put(store, "db/password", "ours again");
      assertThat(store.versions("db/password")).hasSize(3);
    }
    assertThat(pass("show", "db/password").orFail().text()).isEqualTo("ours again");
  }

  @Test
  void editedByPassIsAdopted() throws IOException {
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "a", "before");
      Path editor = home.resolve("editor");
      Files.writeString(editor, "#!/bin/sh\nprintf edited > \"$1\"\n");
      Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
      pass("", Map.of("EDITOR", editor.toString()), "edit", "a").orFail();
      assertThat(get(store, "a")).isEqualTo("edited");
      assertThat(text(store.fetchVersion("a", "1"))).isEqualTo("before");
    }
  }

  @Test
  void insertedByPassIsRefusedByDefault() {
    try (GpgStore store = on.open()) {
      put(store, "a", "ours");
      pass("theirs", Map.of(), "insert", "--multiline", "--force", "a").orFail();
      assertThatThrownBy(() -> store.fetch("a"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
                assertThat(e)
                    .hasMessageContaining("a.gpg")
                    .hasMessageContaining("move the file away: mv -n ")
                    .hasMessageContaining("gpg.foreign-edits=adopt");
              });
      on.delete("a.gpg");
      assertThat(get(store, "a")).isEqualTo("ours");
    }
  }

  @Test
  void renamedAndRemovedByPassDoNotComeBack() {
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "a", "ours");
      put(store, "old", "moved");
      pass("rm", "--force", "a").orFail();
      pass("mv", "old", "new").orFail();
      assertKind(Kind.NOT_FOUND, () -> store.fetch("a"));
      assertKind(Kind.NOT_FOUND, () -> store.fetch("old"));
      assertThat(get(store, "new")).isEqualTo("moved");
      assertThat(store.list("")).containsExactly("new");
      store.restore("a");
      assertThat(pass("show", "a").orFail().text()).isEqualTo("ours");
    }
  }

  @Test
  void writtenAgainByPassAfterARemovalIsANewVersion() {
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "a", "ours");
      pass("rm", "--force", "a").orFail();
      assertKind(Kind.PENDING_DELETION, () -> put(store, "a", "x"));
      pass("theirs", Map.of(), "insert", "--multiline", "a").orFail();
      assertThat(get(store, "a")).isEqualTo("theirs");
      assertThat(store.fetch("a").version()).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FINGERPRINT", "fingerprint", "0xFINGERPRINT", "store@example.org"})
  void passStoreIsTakenOver(String form) {
    String id =
        form.replace("FINGERPRINT", fingerprint)
            .replace("fingerprint", fingerprint.toLowerCase(Locale.ROOT));
    pass("init", id).orFail();
    pass("old value", Map.of(), "insert", "--multiline", "old/secret").orFail();
    assertThat(on.folder).exists();
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      put(store, "a", "new");
      assertThat(store.list("")).containsExactly("a", "old/secret");
      assertThat(get(store, "old/secret")).isEqualTo("old value");
      assertThat(store.fetch("old/secret").version()).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"else@example.org", "example.org", "0123456789ABCDEF", "DEADBEEF"})
  void passStoreOfOthersIsNotTakenOver(String id) throws IOException {
    Files.createDirectory(on.folder, PosixFilePermissions.asFileAttribute(FOLDER_RIGHTS));
    Files.writeString(on.file(".gpg-id"), fingerprint + "\n" + id + "\n");
    on.with("foreign-edits", "adopt");
    try (GpgStore store = on.open()) {
      assertKind(Kind.CORRUPT, () -> put(store, "a", "new"));
    }
    assertThat(on.file(".fgp/index.pgp")).doesNotExist();
  }

  @Test
  void lockedKeyWithPassphraseFileAndEverySourceOfIt() throws IOException {
    String locked = gpg.generateCurve("locked@example.org", "pass phrase ü");
    write("locked.pgp", gpg.exportSecret(locked, "pass phrase ü"));
    Path credentials = Files.createDirectory(home.resolve("credentials"));
    write("credentials/gpg", "pass phrase ü\n".getBytes(StandardCharsets.UTF_8));
    TestStore there = new TestStore(home, "other", "locked.pgp");
    try (GpgStore store = there.open()) {
      assertKind(Kind.UNAUTHENTICATED, () -> put(store, "a", "x"));
    }
    there.with("passphrase-file", credentials.resolve("gpg").toString());
    try (GpgStore store = there.open()) {
      put(store, "a", "one");
    }
    there
        .with("passphrase-file", "gpg")
        .environment
        .put("CREDENTIALS_DIRECTORY", credentials.toString());
    try (GpgStore store = there.open()) {
      assertThat(get(store, "a")).isEqualTo("one");
    }
    there.settings.remove("passphrase-file");
    there
        .with("passphrase-variable", "THE_PASSPHRASE")
        .environment
        .put("THE_PASSPHRASE", "pass phrase ü");
    try (GpgStore store = there.open()) {
      assertThat(get(store, "a")).isEqualTo("one");
    }
    there.environment.put("THE_PASSPHRASE", "wrong");
    try (GpgStore store = there.open()) {
      assertKind(Kind.UNAUTHENTICATED, () -> store.fetch("a"));
    }
  }

  @Test
  void agentHoldsTheKey() throws IOException {
    Path certificate = home.resolve("certificate.pgp");
    Files.write(certificate, gpg.exportPublic(fingerprint));
    TestStore agent =
        new TestStore(home)
            .with("agent-socket", gpg.agentSocket().toString())
            .with("certificate", certificate.toString());
    agent.settings.remove("key-file");
    try (GpgStore store = agent.open()) {
      put(store, "a", "through the agent");
      assertThat(get(store, "a")).isEqualTo("through the agent");
      assertThat(store.check().get("protection")).contains("gpg-agent");
    }
    try (GpgStore withFile = on.open()) {
      assertThat(get(withFile, "a")).isEqualTo("through the agent");
    }
    gpg.run(new byte[0], "gpgconf", "--kill", "gpg-agent");
    try (GpgStore store = agent.open()) {
      assertKind(Kind.UNAVAILABLE, () -> store.fetch("a"));
    }
  }

  /** The agent has the key, so advice about gpg.key-file would lead away from it. */
  @Test
  void aLockedAgentAdvisesToUnlockIt() throws IOException {
    String locked = gpg.generateCurve("locked@example.org", "pass phrase");
    gpg.run(new byte[0], "gpgconf", "--kill", "gpg-agent"); // it has the passphrase of a new key
    Path certificate = home.resolve("locked.pgp");
    Files.write(certificate, gpg.exportPublic(locked));
    on.with("agent-socket", gpg.agentSocket().toString())
        .with("certificate", certificate.toString());
    on.settings.remove("key-file");
    try (GpgStore store = on.open()) {
      assertThat(catchThrowableOfType(SecretException.class, () -> put(store, "a", "one")))
          .hasMessageContaining("it is locked")
          .hasMessageContaining("Set gpg.passphrase-file or gpg.passphrase-variable")
          .hasMessageContaining("gpg -d FILE > /dev/null")
          .hasMessageNotContaining("gpg.key-file")
          .extracting(SecretException::kind)
          .isEqualTo(Kind.UNAUTHENTICATED);
    }
  }

  @Test
  void secondPersonReadsWithGpg() throws IOException {
    try (GpgHome second = new GpgHome();
        GpgStore store = on.open()) {
      String theirs = second.generateRsa("second@example.org", "");
      put(store, "a", "for both");
      store.addRecipient(second.exportPublic(theirs));
      assertThat(second.gpg(new byte[0], "-d", on.file("a.gpg").toString()).orFail().text())
          .isEqualTo("for both");
      assertThat(pass("show", "a").orFail().text()).isEqualTo("for both");
      store.removeRecipient(theirs);
      assertThat(second.gpg(new byte[0], "-d", on.file("a.gpg").toString()).exit()).isNotZero();
    }
  }
}
