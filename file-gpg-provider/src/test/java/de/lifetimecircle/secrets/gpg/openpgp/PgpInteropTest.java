package de.lifetimecircle.secrets.gpg.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import de.lifetimecircle.secrets.gpg.GpgHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.PacketTags;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The same files, read and written by us and by the gpg and pass of this machine. */
class PgpInteropTest {

  private static final byte[] SECRET = "s3cret \0\r\n\u00fc\n".getBytes(UTF_8);
  private static final byte[] EVERY_BYTE = everyByte();
  private static final String PASSPHRASE = "p\u00e4ss % phrase";

  private static final AtomicInteger TO_US = new AtomicInteger();
  private static final AtomicInteger TO_GPG = new AtomicInteger();
  private static final AtomicInteger PASSED = new AtomicInteger();

  private static GpgHome gpg;
  private static List<Key> keys;

  /** A key of gpg and the same key as we read it from its export. */
  private record Key(String name, String fingerprint, String passphrase, PgpIdentity identity) {
    PgpCertificate certificate() {
      return identity.certificate();
    }
  }

  @BeforeAll
  static void generate() throws PgpFailure {
    gpg = new GpgHome();
    keys = new ArrayList<>();
    add("RSA unlocked", gpg.generateRsa("rsa@example.org", ""), "");
    add("RSA locked", gpg.generateRsa("rsa-locked@example.org", PASSPHRASE), PASSPHRASE);
    add("cv25519 unlocked", gpg.generateCurve("curve@example.org", ""), "");
    add("cv25519 locked", gpg.generateCurve("curve-locked@example.org", PASSPHRASE), PASSPHRASE);
  }

  private static void add(String name, String fingerprint, String passphrase) throws PgpFailure {
    byte[] export = gpg.exportSecret(fingerprint, passphrase);
    char[] chars = passphrase.isEmpty() ? null : passphrase.toCharArray();
    keys.add(new Key(name, fingerprint, passphrase, PgpIdentity.fromKeyFile(export, chars)));
  }

  @AfterAll
  static void report() {
    int all = TO_US.get() + TO_GPG.get();
    System.out.println(
        String.format(
            Locale.ROOT,
            "interop: %d cases gpg->us, %d us->gpg, %d failed",
            TO_US.get(),
            TO_GPG.get(),
            all - PASSED.get()));
    gpg.close();
  }

  @TestFactory
  Stream<DynamicTest> filesThatGpgWrote() {
    List<DynamicTest> cases = new ArrayList<>();
    for (Key key : keys) {
      for (String form : List.of("--no-armor", "--armor")) {
        for (String compression : List.of("none", "zip", "zlib", "bzip2")) {
          cases.add(
              toUs(
                  key.name() + " " + form + " " + compression,
                  () ->
                      assertRead(
                          key,
                          EVERY_BYTE,
                          form,
                          "--compress-algo",
                          compression,
                          "-r",
                          key.fingerprint())));
        }
      }
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> recipientsThatGpgWrote() {
    List<DynamicTest> cases = new ArrayList<>();
    for (Key key : keys) {
      String[] all = recipients("-r");
      String[] hidden = recipients("-R");
      cases.add(toUs(key.name() + " among many", () -> assertRead(key, SECRET, all)));
      cases.add(toUs(key.name() + " hidden among many", () -> assertRead(key, SECRET, hidden)));
      cases.add(
          toUs(
              key.name() + " --throw-keyids",
              () -> assertRead(key, SECRET, "--throw-keyids", "-r", key.fingerprint())));
      cases.add(
          toUs(
              key.name() + " signed inside",
              () ->
                  assertRead(
                      key,
                      SECRET,
                      "--passphrase",
                      key.passphrase(),
                      "-u",
                      key.fingerprint(),
                      "--sign",
                      "-r",
                      key.fingerprint())));
      cases.add(toUs(key.name() + " large, partial lengths", () -> assertReadsLarge(key)));
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> filesThatPassWrote() {
    List<DynamicTest> cases = new ArrayList<>();
    for (Key key : keys) {
      cases.add(
          toUs(
              key.name() + " pass insert",
              () -> {
                Path store = newStore(key);
                byte[] twoLines = "first\nsecond\n".getBytes(UTF_8);
                pass(key, store, twoLines, "insert", "-m", "db/password").orFail();
                byte[] file = Files.readAllBytes(store.resolve("db/password.gpg"));
                assertThat(PgpCodec.decrypt(file, key.identity())).isEqualTo(twoLines);
              }));
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> ocb() {
    List<DynamicTest> cases = new ArrayList<>();
    cases.add(
        toUs(
            "OCB, written by gpg 2.4.7",
            () -> {
              try (PgpIdentity key = PgpIdentity.fromKeyFile(TestKeys.throwAwayKeyFile(), null)) {
                assertThat(PgpCodec.decrypt(TestKeys.writtenByGpg24(), key))
                    .asString(UTF_8)
                    .startsWith("fixture: written by gpg 2.4.7");
              }
            }));
    for (Key key : keys) {
      if (gpgWritesOcb()) {
        cases.add(
            toUs(
                key.name() + " OCB, written by this gpg",
                () -> assertRead(key, SECRET, "--force-ocb", "-r", key.fingerprint())));
      }
      cases.add(
          toGpg(
              key.name() + " OCB, written with the library",
              () -> {
                byte[] literal = TestMessages.literal(SECRET);
                byte[] message =
                    TestMessages.ocb(literal, key.certificate(), Instant.now().plusSeconds(1));
                assertThat(TestMessages.tags(message)).endsWith(PacketTags.AEAD_ENC_DATA);
                assertThat(PgpCodec.decrypt(message, key.identity())).isEqualTo(SECRET);
                assertGpgReads(key, message, SECRET);
              }));
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> filesThatWeWrote() {
    List<DynamicTest> cases = new ArrayList<>();
    Map<String, byte[]> values =
        Map.of(
            "text",
            "plain text".getBytes(UTF_8),
            "every byte",
            EVERY_BYTE,
            "CRLF",
            "a\r\nb\r\n".getBytes(UTF_8),
            "empty",
            new byte[0],
            "1 MiB",
            new byte[PgpContent.MAX_BYTES]);
    for (Key key : keys) {
      values.forEach(
          (name, value) ->
              cases.add(
                  toGpg(
                      key.name() + " gpg -d, " + name,
                      () -> assertGpgReads(key, encryptForAll(value), value))));
      cases.add(
          toGpg(
              key.name() + " gpg -d, armored",
              () -> assertGpgReads(key, PgpArmor.MESSAGE.encode(encryptForAll(SECRET)), SECRET)));
      cases.add(toGpg(key.name() + " pass show", () -> assertPassShows(key)));
      cases.add(toGpg(key.name() + " gpg --verify", () -> assertGpgVerifies(key)));
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> keysThatWeMade() {
    return Stream.of("", PASSPHRASE)
        .map(
            passphrase ->
                toGpg(
                    passphrase.isEmpty() ? "new key, unlocked" : "new key, locked",
                    () -> assertGpgUsesNewKey(passphrase)));
  }

  @TestFactory
  Stream<DynamicTest> signaturesThatGpgWrote() {
    return keys.stream()
        .map(
            key ->
                toUs(
                    key.name() + " gpg --sign and --detach-sign",
                    () -> {
                      List<PgpCertificate> trusted = List.of(key.certificate());
                      assertThat(PgpCodec.verify(gpgSigns(key, "--sign"), trusted))
                          .isEqualTo(SECRET);
                      byte[] detached = gpgSigns(key, "--detach-sign");
                      assertThat(PgpCodec.verifyDetached(SECRET, detached, trusted))
                          .isEqualTo(key.fingerprint());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> signedRecipientListOfPass() {
    return keys.stream()
        .map(key -> toGpg(key.name() + " .gpg-id.sig", () -> assertPassAcceptsSignature(key)));
  }

  private static void assertRead(Key key, byte[] value, String... options) throws PgpFailure {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.add("--encrypt");
    byte[] file = gpg.gpg(value, arguments.toArray(String[]::new)).orFail().out();
    assertThat(PgpCodec.decrypt(file, key.identity())).isEqualTo(value);
  }

  private static void assertReadsLarge(Key key) throws PgpFailure {
    byte[] large = new byte[300_000];
    new SplittableRandom(1).nextBytes(large);
    assertRead(key, large, "-r", key.fingerprint());
  }

  private static void assertGpgReads(Key key, byte[] message, byte[] value) {
    GpgHome.Result result = gpg.gpg(message, "--passphrase", key.passphrase(), "--decrypt");
    assertThat(result.err()).doesNotContainIgnoringCase("warning");
    assertThat(result.orFail().out()).isEqualTo(value);
  }

  private static void assertPassShows(Key key) throws IOException, PgpFailure {
    Path store = newStore(key);
    Files.createDirectories(store.resolve("db"));
    Files.write(store.resolve("db/password.gpg"), encryptForAll(SECRET));
    assertThat(pass(key, store, new byte[0], "show", "db/password").orFail().out())
        .isEqualTo(SECRET);
    Files.write(store.resolve("db/line.gpg"), encryptForAll("one line".getBytes(UTF_8)));
    assertThat(pass(key, store, new byte[0], "show", "db/line").orFail().text())
        .isEqualTo("one line");
  }

  private static void assertGpgVerifies(Key key) throws Exception {
    Instant now = Instant.now();
    byte[] inline = PgpCodec.sign(SECRET, key.identity(), now);
    assertThat(gpg.gpg(inline, "--status-fd", "1", "--verify").orFail().text())
        .contains("VALIDSIG " + key.fingerprint());
    assertThat(gpg.gpg(inline, "--decrypt").orFail().out()).isEqualTo(SECRET);
    Path signature = Files.write(gpg.path().resolve("sig"), detached(key, SECRET, now));
    assertThat(gpg.gpg(SECRET, "--status-fd", "1", "--verify", signature.toString(), "-").text())
        .contains("VALIDSIG " + key.fingerprint());
    GpgHome.Result changed = gpg.gpg(EVERY_BYTE, "--verify", signature.toString(), "-");
    assertThat(changed.exit()).isNotZero();
  }

  private static void assertGpgUsesNewKey(String passphrase) throws Exception {
    char[] chars = passphrase.isEmpty() ? null : passphrase.toCharArray();
    Instant now = Instant.now();
    byte[] file = PgpKeyGenerator.generate("Ne\u00fc <new@example.org>", chars, now);
    try (GpgHome other = new GpgHome();
        PgpIdentity identity = PgpIdentity.fromKeyFile(file, chars)) {
      PgpCertificate certificate = identity.certificate();
      byte[] armored = PgpArmor.PRIVATE_KEY.encode(file);
      assertThat(other.gpg(armored, "--passphrase", passphrase, "--import").orFail().err())
          .doesNotContain("warning");
      String fingerprint = other.fingerprint("new@example.org");
      assertThat(fingerprint).isEqualTo(certificate.fingerprint());
      byte[] message = PgpCodec.encrypt(SECRET, List.of(certificate), now);
      assertThat(other.gpg(message, "--passphrase", passphrase, "-d").orFail().out())
          .isEqualTo(SECRET);
      byte[] signed = other.gpg(SECRET, "--passphrase", passphrase, "--sign").orFail().out();
      assertThat(PgpCodec.verify(signed, List.of(certificate))).isEqualTo(SECRET);
      byte[] encrypted = other.gpg(SECRET, "-r", fingerprint, "-e").orFail().out();
      assertThat(TestMessages.tags(encrypted)).endsWith(PacketTags.SYM_ENC_INTEGRITY_PRO);
      assertThat(PgpCodec.decrypt(encrypted, identity)).isEqualTo(SECRET);
      byte[] export = other.exportSecret(fingerprint, passphrase);
      try (PgpIdentity again = PgpIdentity.fromKeyFile(export, chars)) {
        assertThat(PgpCodec.decrypt(message, again)).isEqualTo(SECRET);
      }
    }
  }

  private static void assertPassAcceptsSignature(Key key) throws Exception {
    Path store = newStore(key);
    Path ids = store.resolve(".gpg-id");
    byte[] signature = detached(key, Files.readAllBytes(ids), Instant.now());
    Files.write(store.resolve(".gpg-id.sig"), signature);
    byte[] value = "v\n".getBytes(UTF_8);
    signedPass(key, store, value).orFail();
    Files.writeString(ids, key.fingerprint() + "\n" + keys.get(0).fingerprint() + "\n\n");
    assertThat(signedPass(key, store, value).exit()).as("changed .gpg-id").isNotZero();
  }

  private static GpgHome.Result signedPass(Key key, Path store, byte[] value) {
    return gpg.run(
        Map.of(
            "PASSWORD_STORE_DIR", store.toString(),
            "PASSWORD_STORE_GPG_OPTS", "--trust-model always",
            "PASSWORD_STORE_SIGNING_KEY", key.fingerprint()),
        value,
        "pass",
        "insert",
        "-m",
        "-f",
        "x");
  }

  private static GpgHome.Result pass(Key key, Path store, byte[] stdin, String... arguments) {
    List<String> command = new ArrayList<>(List.of("pass"));
    command.addAll(List.of(arguments));
    // pass splits its options at spaces, so the passphrase comes from a file.
    Path file = gpg.path().resolve("passphrase");
    try {
      Files.writeString(file, key.passphrase());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return gpg.run(
        Map.of(
            "PASSWORD_STORE_DIR",
            store.toString(),
            "PASSWORD_STORE_GPG_OPTS",
            "--trust-model always --batch --pinentry-mode loopback --passphrase-file " + file),
        stdin,
        command.toArray(String[]::new));
  }

  private static Path newStore(Key key) throws IOException {
    Path store = Files.createTempDirectory(gpg.path(), "store");
    Files.writeString(store.resolve(".gpg-id"), key.fingerprint() + "\n");
    return store;
  }

  private static byte[] detached(Key key, byte[] data, Instant now) throws PgpFailure {
    return PgpCodec.signDetached(data, key.identity(), now);
  }

  private static byte[] gpgSigns(Key key, String how) {
    return gpg.gpg(SECRET, "--passphrase", key.passphrase(), "-u", key.fingerprint(), how)
        .orFail()
        .out();
  }

  private static byte[] encryptForAll(byte[] value) throws PgpFailure {
    List<PgpCertificate> all = keys.stream().map(Key::certificate).toList();
    return PgpCodec.encrypt(value, all, Instant.now());
  }

  private static String[] recipients(String option) {
    return keys.stream()
        .flatMap(key -> Stream.of(option, key.fingerprint()))
        .toArray(String[]::new);
  }

  private static boolean gpgWritesOcb() {
    return gpg.gpg(new byte[0], "--dump-options").orFail().text().contains("--force-ocb");
  }

  private static DynamicTest toUs(String name, Executable body) {
    return counted(TO_US, "gpg->us " + name, body);
  }

  private static DynamicTest toGpg(String name, Executable body) {
    return counted(TO_GPG, "us->gpg " + name, body);
  }

  private static DynamicTest counted(AtomicInteger count, String name, Executable body) {
    return dynamicTest(
        name,
        () -> {
          count.incrementAndGet();
          body.execute();
          PASSED.incrementAndGet();
        });
  }

  private static byte[] everyByte() {
    byte[] all = new byte[512];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return all;
  }
}
