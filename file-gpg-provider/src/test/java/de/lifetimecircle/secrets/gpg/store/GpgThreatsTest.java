package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpArmor;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpContent;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test for each thing that somebody who can write into the folder might try. */
class GpgThreatsTest extends GpgHeldSecrets {
  private static final String MANIFEST_A = ".fgp/versions/a~/MANIFEST.pgp";

  private PgpCertificate ownCertificate() throws PgpFailure {
    return PgpCertificate.parse(on.bytes(".fgp/certs/" + fingerprint() + ".asc"));
  }

  private byte[] encryptedByAnybody(String value) throws PgpFailure {
    return PgpCodec.encrypt(
        value.getBytes(StandardCharsets.UTF_8), List.of(ownCertificate()), Instant.now());
  }

  private static PgpIdentity stranger() throws PgpFailure {
    return PgpIdentity.fromKeyFile(PgpKeyGenerator.generate("stranger", null, Instant.now()), null);
  }

  @Test
  void copiedStoreIsUselessWithoutTheKey() throws Exception {
    for (String file : on.files()) {
      assertThat(new String(on.bytes(file), StandardCharsets.ISO_8859_1))
          .as(file)
          .doesNotContain("a-one", "a-two", "b-one");
    }
    Path thief = Files.createDirectory(home.resolve("thief"));
    on.copyTo(thief.resolve("store"));
    TestStore theirs = new TestStore(thief);
    try (GpgStore withoutKey = theirs.open()) {
      assertFails(Kind.UNAUTHENTICATED, "key.pgp", () -> withoutKey.fetch("a"));
      assertFails(Kind.UNAUTHENTICATED, "key.pgp", () -> put(withoutKey, "a", "x"));
    }
    Files.write(thief.resolve("key.pgp"), PgpKeyGenerator.generate("thief", null, Instant.now()));
    Files.setPosixFilePermissions(thief.resolve("key.pgp"), TestStore.FILE_RIGHTS);
    try (GpgStore withOwnKey = theirs.open()) {
      assertFails(Kind.CORRUPT, "gpg.signers", () -> withOwnKey.fetch("a"));
    }
    theirs.with("signers", fingerprint());
    try (GpgStore trusting = theirs.open()) {
      assertFails(Kind.ACCESS_DENIED, "not encrypted to this key", () -> trusting.fetch("a"));
    }
  }

  @Test
  void valueEncryptedByAnAttackerIsNotServed() throws Exception {
    on.write("a.gpg", encryptedByAnybody("planted"));
    assertFails(Kind.CORRUPT, "a.gpg", () -> store.fetch("a"));
    assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
    assertFails(Kind.CORRUPT, "a.gpg", () -> put(store, "a", "x"));
    on.delete("a.gpg");
    assertThat(get(store, "a")).isEqualTo("a-two");
    on.write(".fgp/versions/a~/00000001.pgp", encryptedByAnybody("planted"));
    assertFails(Kind.CORRUPT, "00000001.pgp", () -> store.fetchVersion("a", "1"));
    on.write("c.gpg", encryptedByAnybody("planted"));
    assertFails(Kind.CORRUPT, "c.gpg", () -> store.fetch("c"));
    assertThat(store.list("")).containsExactly("a", "b");
  }

  @Test
  void swappedFilesAreNoticed() {
    byte[] a = on.bytes("a.gpg");
    on.write("a.gpg", on.bytes("b.gpg"));
    on.write("b.gpg", a);
    assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
    assertFailsAnew(Kind.CORRUPT, "b.gpg", "b");
  }

  @Test
  void swappedFoldersAreNoticed() throws Exception {
    Path versions = on.file(".fgp/versions");
    Files.move(versions.resolve("a~"), versions.resolve("x"));
    Files.move(versions.resolve("b~"), versions.resolve("a~"));
    Files.move(versions.resolve("x"), versions.resolve("b~"));
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
  }

  @Test
  void copyOfAnOlderVersionIsReplaced() {
    on.write("a.gpg", on.bytes(".fgp/versions/a~/00000001.pgp"));
    assertThat(get(store, "a")).isEqualTo("a-two");
    assertThat(on.bytes("a.gpg")).isEqualTo(on.bytes(".fgp/versions/a~/00000002.pgp"));
  }

  @Test
  void olderManifestIsNoticed() {
    byte[] manifest = on.bytes(MANIFEST_A);
    put(store, "a", "a-three");
    on.write(MANIFEST_A, manifest);
    assertFails(Kind.CORRUPT, MANIFEST_A, () -> store.fetch("a"));
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
    assertFails(Kind.CORRUPT, MANIFEST_A, () -> put(store, "a", "x"));
    assertThat(get(store, "b")).isEqualTo("b-one");
  }

  @Test
  void olderManifestWithItsFileIsNoticed() {
    byte[] manifest = on.bytes(MANIFEST_A);
    byte[] file = on.bytes("a.gpg");
    put(store, "a", "a-three");
    on.write(MANIFEST_A, manifest);
    on.write("a.gpg", file);
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
  }

  @Test
  void olderIndexIsNoticedWhileTheProcessRuns() {
    byte[] index = on.bytes(".fgp/index.pgp");
    put(store, "a", "a-three");
    on.write(".fgp/index.pgp", index);
    assertFails(Kind.CORRUPT, ".fgp/index.pgp", () -> store.fetch("a"));
  }

  @Test
  void storePutBackAsAWholeIsNoticedWithAMarkOutside() {
    on.with("high-water-file", home.resolve("mark").toString());
    on.copyTo(home.resolve("before"));
    try (GpgStore marked = on.open()) {
      put(marked, "a", "a-three");
      assertThat(marked.check()).containsEntry("rollback of the whole store", "noticed");
    }
    on.restoreFrom(home.resolve("before"));
    try (GpgStore marked = on.open()) {
      assertFails(Kind.CORRUPT, "older state", () -> marked.fetch("a"));
      assertFails(Kind.CORRUPT, "older state", () -> put(marked, "a", "x"));
    }
    TestStore.erase(on.folder);
    try (GpgStore marked = on.open()) {
      assertFails(Kind.UNAVAILABLE, "there is no store", () -> marked.fetch("a"));
      assertFails(Kind.UNAVAILABLE, "there is no store", () -> put(marked, "a", "x"));
    }
  }

  @Test
  void storePutBackAsAWholeIsNotNoticedWithoutOne() {
    assertThat(store.check().get("rollback of the whole store")).contains("gpg.high-water-file");
    on.copyTo(home.resolve("before"));
    put(store, "a", "a-three");
    on.restoreFrom(home.resolve("before"));
    assertFails(Kind.CORRUPT, "older state", () -> store.fetch("a"));
    try (GpgStore reopened = on.open()) {
      assertThat(get(reopened, "a")).isEqualTo("a-two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest", "bucket", "index", "format"})
  void deletedFilesAreNoticed(String which) {
    String file =
        switch (which) {
          case "manifest" -> MANIFEST_A;
          case "bucket" -> bucketOf("a");
          case "index" -> ".fgp/index.pgp";
          default -> ".fgp/format";
        };
    on.delete(file);
    assertFailsAnew(Kind.CORRUPT, file, "a");
  }

  private String bucketOf(String name) {
    String prefix = ".fgp/index/" + StoreLayout.bucketOf(name) + "-";
    // The newest one: those that it replaced stay for some time.
    return on.files().stream()
        .filter(f -> f.startsWith(prefix))
        .max(Comparator.comparingLong(StoreLayout::generationOf))
        .orElseThrow();
  }

  @Test
  void secretCannotBeDeletedByRemovingItsFiles() {
    on.delete("a.gpg");
    assertThat(get(store, "a")).isEqualTo("a-two");
    assertThat(on.file("a.gpg")).exists();
    on.delete("a.gpg");
    TestStore.erase(on.file(".fgp/versions/a~"));
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
  }

  @Test
  void deletedSecretDoesNotComeBack() {
    byte[] file = on.bytes("a.gpg");
    byte[] manifest = on.bytes(MANIFEST_A);
    store.delete("a");
    on.write("a.gpg", file);
    assertFails(Kind.PENDING_DELETION, "deleted", () -> store.fetch("a"));
    assertThat(on.file("a.gpg")).doesNotExist();
    on.write(MANIFEST_A, manifest);
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
  }

  /** A link, and a file larger than any of the store, stay where the purge has moved them. */
  @Test
  void filesOfOthersDoNotStopAPurge() throws Exception {
    Path folder = on.file(StoreLayout.folder("a"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/hostname"));
    Files.write(folder.resolve("core"), new byte[3 * 1024 * 1024]);
    store.delete("a");
    store.purge("a");
    assertFails(Kind.NOT_FOUND, "no such secret", () -> store.fetch("a"));
    assertThat(on.files()).noneMatch(file -> file.contains("versions/a~/0"));
    assertThat(store.check()).containsEntry("files moved aside", "2 in .fgp/aside");
  }

  @Test
  void purgedSecretDoesNotComeBack() {
    on.copyTo(home.resolve("before"));
    store.delete("a");
    store.purge("a");
    TestStore old = new TestStore(home, "before", "key.pgp");
    List<String> files =
        List.of(MANIFEST_A, ".fgp/versions/a~/00000001.pgp", ".fgp/versions/a~/00000002.pgp");
    assertThat(on.file(".fgp/versions/a~").toFile().mkdir()).isTrue();
    files.forEach(file -> on.write(file, old.bytes(file)));
    assertFails(Kind.NOT_FOUND, "no such secret", () -> store.fetch("a"));
    assertThat(put(store, "a", "new")).isEqualTo("3");
    on.write(MANIFEST_A, old.bytes(MANIFEST_A));
    assertFailsAnew(Kind.CORRUPT, MANIFEST_A, "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reject", "adopt"})
  void plainFileInPlaceIsNotServed(String policy) throws Exception {
    on.with("foreign-edits", policy);
    byte[] literal =
        PgpContent.literalPacket("planted".getBytes(StandardCharsets.UTF_8), Instant.now());
    byte[] signed;
    try (PgpIdentity key = stranger()) {
      signed = PgpCodec.sign("planted".getBytes(StandardCharsets.UTF_8), key, Instant.now());
    }
    byte[] raw = "planted".getBytes(StandardCharsets.UTF_8);
    for (byte[] content : List.of(literal, signed, raw, new byte[0])) {
      on.write("a.gpg", content);
      assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
    }
  }

  @Test
  void bombIsNotInflated() throws Exception {
    on.with("foreign-edits", "adopt");
    on.write("a.gpg", encryptedPackets(bomb(64 * 1024 * 1024)));
    assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
  }

  private static byte[] bomb(int size) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PGPCompressedDataGenerator zip = new PGPCompressedDataGenerator(2);
    try (OutputStream inner = zip.open(out)) {
      inner.write(PgpContent.literalPacket(new byte[size], Instant.now()));
    }
    return out.toByteArray();
  }

  /** Encrypts packets as they are, as only a program made for it does. */
  private byte[] encryptedPackets(byte[] packets) throws Exception {
    var generator =
        new org.bouncycastle.openpgp.PGPEncryptedDataGenerator(
            new org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder(9)
                .setWithIntegrityPacket(true));
    generator.addMethod(
        new org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator(
            ownCertificate().encryptionKey(Instant.now())));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream encrypted = generator.open(out, packets.length)) {
      encrypted.write(packets);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reject", "adopt"})
  void hugeFileIsNotRead(String policy) {
    on.with("foreign-edits", policy);
    on.write("a.gpg", new byte[3 * 1024 * 1024]);
    assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
  }

  @Test
  void armorWithJunkIsNotServed() throws Exception {
    on.with("foreign-edits", "adopt");
    byte[] armored = PgpArmor.MESSAGE.encode(encryptedByAnybody("planted"));
    byte[] junk = "junk\n".getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(junk, junk.length + armored.length);
    System.arraycopy(armored, 0, both, junk.length, armored.length);
    on.write("a.gpg", both);
    assertFailsAnew(Kind.CORRUPT, "a.gpg", "a");
  }

  @Test
  void recipientAddedByHandStopsEveryWrite() throws Exception {
    try (PgpIdentity stranger = stranger()) {
      String id = stranger.certificate().fingerprint();
      byte[] more = (fingerprint() + "\n" + id + "\n").getBytes(StandardCharsets.US_ASCII);
      byte[] before = on.bytes(".gpg-id");
      on.write(".gpg-id", more);
      on.write(".fgp/certs/" + id + ".asc", stranger.certificate().armored());
      assertFails(Kind.CORRUPT, ".gpg-id", () -> put(store, "a", "x"));
      assertThat(get(store, "a")).isEqualTo("a-two");
      on.write(".gpg-id", before);
      on.write(".gpg-id.sig", PgpCodec.signDetached(before, stranger, Instant.now()));
      assertFails(Kind.CORRUPT, ".gpg-id.sig", () -> put(store, "a", "x"));
    }
    on.delete(".gpg-id");
    on.delete(".gpg-id.sig");
    put(store, "a", "a-three");
    assertThat(new String(on.bytes(".gpg-id"), StandardCharsets.US_ASCII))
        .isEqualTo(fingerprint() + "\n");
  }

  @Test
  void exchangedCertificateStopsEveryWrite() throws Exception {
    try (PgpIdentity stranger = stranger()) {
      on.write(".fgp/certs/" + fingerprint() + ".asc", stranger.certificate().armored());
      assertFails(Kind.CORRUPT, fingerprint() + ".asc", () -> put(store, "a", "x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", ".fgp/lock", ".gpg-id",
        "a\\b", "a\0", "a b", "ä", "a.gpg", "a/b.PGP", "CON", "x/nul.txt", "com1", "a.", "-a", "a~"
      })
  void namesThatLeadElsewhereAreRefused(String name) {
    assertFails(Kind.BAD_NAME, "the name", () -> put(store, name, "x"));
    assertFails(Kind.BAD_NAME, "the name", () -> store.fetch(name));
    assertFails(Kind.BAD_NAME, "the name", () -> store.delete(name));
  }

  @Test
  void nameLengthsHaveALimit() {
    String longest = "n".repeat(200);
    put(store, longest, "x");
    assertThat(get(store, longest)).isEqualTo("x");
    assertFails(Kind.BAD_NAME, "longer", () -> put(store, longest + "n", "x"));
    assertFails(Kind.BAD_NAME, "longer", () -> put(store, "a/".repeat(1000), "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gpg", MANIFEST_A, ".fgp/index.pgp", ".gpg-id", ".fgp/format"})
  void linkInPlaceOfAFileLeadsNowhere(String file) throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    Files.move(on.file(file), elsewhere);
    Files.createSymbolicLink(on.file(file), elsewhere);
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.CORRUPT, file, () -> put(reopened, "a", "x"));
    }
    byte[] there = Files.readAllBytes(elsewhere);
    Files.delete(on.file(file));
    Files.createLink(on.file(file), elsewhere);
    try (GpgStore reopened = on.open()) {
      put(reopened, "a", "x");
      reopened.addRecipient(on.bytes(".fgp/certs/" + fingerprint() + ".asc"));
    }
    assertThat(elsewhere).as("a hard link is never written through").hasBinaryContent(there);
  }

  @Test
  void linkInPlaceOfAFolderIsRefused() throws Exception {
    put(store, "d/c", "one");
    Path elsewhere = home.resolve("elsewhere");
    Files.move(on.file("d"), elsewhere);
    Files.createSymbolicLink(on.file("d"), elsewhere);
    assertFails(Kind.CORRUPT, "d/c.gpg", () -> store.fetch("d/c"));
    assertFails(Kind.CORRUPT, "d/", () -> put(store, "d/new", "x"));
    assertThat(elsewhere.resolve("new.gpg")).doesNotExist();
  }

  @Test
  void namesThatDifferInCaseDoNotMeet() {
    put(store, "Case/Name", "one");
    assertFails(Kind.BAD_NAME, "Case/Name", () -> put(store, "case/name", "two"));
    assertThat(get(store, "Case/Name")).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx--x---"})
  void keyThatOthersMayReadIsRefused(String rights) throws Exception {
    Files.setPosixFilePermissions(home.resolve("key.pgp"), PosixFilePermissions.fromString(rights));
    assertFailsAnew(Kind.ACCESS_DENIED, "chmod 600", "a");
  }

  @Test
  void keyOfAnotherAccountOrBehindALinkIsRefused() throws Exception {
    Path key = home.resolve("key.pgp");
    Files.move(key, home.resolve("real.pgp"));
    Files.createSymbolicLink(key, home.resolve("real.pgp"));
    assertFailsAnew(Kind.ACCESS_DENIED, "symbolic link", "a");
    Files.delete(key);
    Files.copy(home.resolve("real.pgp"), key);
    Files.setPosixFilePermissions(key, TestStore.FILE_RIGHTS);
    Files.setAttribute(key, "unix:uid", 65534);
    assertFailsAnew(Kind.ACCESS_DENIED, "another account", "a");
  }

  /** With the rights of a file, its own account could not enter the folder any more. */
  @Test
  void adviceForAFolderOfAnotherAccountDoesNotShutIt() throws Exception {
    Files.setAttribute(on.folder, "unix:uid", 65534);
    assertFailsAnew(Kind.ACCESS_DENIED, "Run the command as that account", "a");
    assertFailsAnew(
        Kind.ACCESS_DENIED,
        "chown -R $(id -un) " + on.folder + " && chmod 700 " + on.folder + ".",
        "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
  void folderThatOthersMayWriteIsRefused(String rights) throws IOException {
    Files.setPosixFilePermissions(on.folder, PosixFilePermissions.fromString(rights));
    assertFailsAnew(Kind.ACCESS_DENIED, "chmod 700", "a");
    assertFails(Kind.ACCESS_DENIED, "chmod 700", () -> put(store, "a", "x"));
  }

  @Test
  void newKeyIsNeverMadeForAnOldStore() throws Exception {
    Files.delete(home.resolve("key.pgp"));
    try (GpgStore reopened = on.open()) {
      assertFails(Kind.UNAUTHENTICATED, "key.pgp", () -> put(reopened, "a", "x"));
    }
    assertThat(home.resolve("key.pgp")).doesNotExist();
  }

  @Test
  void newStoreIsNotMadeAmongForeignFiles() throws Exception {
    Path other = Files.createDirectory(home.resolve("other"));
    Files.setPosixFilePermissions(other, TestStore.FOLDER_RIGHTS);
    Files.writeString(other.resolve("x.gpg"), "?");
    TestStore there = new TestStore(home, "other", "key.pgp");
    try (GpgStore reopened = there.open()) {
      assertFails(Kind.CORRUPT, "x.gpg", () -> reopened.fetch("x"));
      assertFails(Kind.CORRUPT, "x.gpg", () -> put(reopened, "y", "v"));
    }
  }
}
