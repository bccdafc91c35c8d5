package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when nobody disturbs it. */
class GpgStoreTest {
  @TempDir private Path home;
  private TestStore on;
  private GpgStore store;

  @BeforeEach
  void open() {
    on = new TestStore(home);
    store = on.open();
  }

  @AfterEach
  void close() {
    store.close();
  }

  static void assertKind(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  @Test
  void valueComesBackFromThisAndAnotherStoreObject() {
    assertThat(put(store, "db/password", "one")).isEqualTo("1");
    assertThat(get(store, "db/password")).isEqualTo("one");
    try (GpgStore second = on.open()) {
      assertThat(get(second, "db/password")).isEqualTo("one");
      put(second, "db/password", "two");
    }
    assertThat(get(store, "db/password")).isEqualTo("two");
  }

  @Test
  void readingWhatWasNeverMadeMakesNothing() {
    assertKind(Kind.NOT_FOUND, () -> store.fetch("a"));
    assertThat(store.list("")).isEmpty();
    assertThat(store.check()).containsKey("protection");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void layoutIsTheOneThatPassReads() throws Exception {
    put(store, "db/password", "one");
    assertThat(on.files())
        .contains(
            ".gpg-id",
            ".gpg-id.sig",
            "db/password.gpg",
            ".fgp/format",
            ".fgp/lock",
            ".fgp/index.pgp",
            ".fgp/versions/db/password~/00000001.pgp",
            ".fgp/versions/db/password~/MANIFEST.pgp");
    assertThat(on.bytes("db/password.gpg"))
        .isEqualTo(on.bytes(".fgp/versions/db/password~/00000001.pgp"));
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(f -> !f.equals(home)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
    assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
  }

  @Test
  void versionsAreOrderedAndStaged() {
    put(store, "a", "one");
    put(store, "a", "two");
    put(store, "a", "three");
    store.put(PutRequest.pending("a", SecretValue.of("four")));
    assertThat(store.versions("a").stream().map(SecretVersion::id))
        .containsExactly("4", "3", "2", "1");
    assertThat(store.versions("a").stream().map(SecretVersion::stages))
        .containsExactly(
            Set.of(Stage.PENDING), Set.of(Stage.CURRENT), Set.of(Stage.PREVIOUS), Set.of());
    assertThat(get(store, "a")).isEqualTo("three");
    assertThat(text(store.fetchVersion("a", "4"))).isEqualTo("four");
    store.promote("a", "4");
    assertThat(get(store, "a")).isEqualTo("four");
    assertThat(store.versions("a").stream().map(SecretVersion::stages))
        .containsExactly(Set.of(Stage.CURRENT), Set.of(Stage.PREVIOUS), Set.of(), Set.of());
    store.promote("a", "1");
    assertThat(get(store, "a")).isEqualTo("one");
    assertKind(Kind.VERSION_NOT_FOUND, () -> store.fetchVersion("a", "5"));
    assertKind(Kind.VERSION_NOT_FOUND, () -> store.fetchVersion("a", "01"));
    assertKind(Kind.VERSION_NOT_FOUND, () -> store.promote("a", "5"));
  }

  @Test
  void unchangedMakesNoVersion() {
    put(store, "a", "one");
    assertThat(store.put(PutRequest.always("a", SecretValue.of("one"))).outcome())
        .isEqualTo(Outcome.UNCHANGED);
    assertThat(store.versions("a")).hasSize(1);
    store.put(PutRequest.pending("a", SecretValue.of("two")));
    assertThat(store.put(PutRequest.pending("a", SecretValue.of("two"))).outcome())
        .isEqualTo(Outcome.UNCHANGED);
    assertThat(store.versions("a")).hasSize(2);
  }

  @Test
  void conditionsHold() {
    assertKind(Kind.NOT_FOUND, () -> store.put(PutRequest.pending("a", SecretValue.of("x"))));
    assertKind(Kind.CONFLICT, () -> store.put(PutRequest.ifVersion("a", "1", SecretValue.of("x"))));
    store.put(PutRequest.createOnly("a", SecretValue.of("one")));
    assertKind(Kind.CONFLICT, () -> store.put(PutRequest.createOnly("a", SecretValue.of("one"))));
    store.put(PutRequest.ifVersion("a", "1", SecretValue.of("two")));
    assertKind(
        Kind.CONFLICT, () -> store.put(PutRequest.ifVersion("a", "1", SecretValue.of("three"))));
    assertThat(get(store, "a")).isEqualTo("two");
  }

  @Test
  void retentionKeepsTheStaged() {
    on.with("retention", "3");
    try (GpgStore few = on.open()) {
      put(few, "a", "v1");
      few.put(PutRequest.pending("a", SecretValue.of("p")));
      for (int i = 3; i <= 9; i++) {
        put(few, "a", "v" + i);
      }
      assertThat(few.versions("a").stream().map(SecretVersion::id))
          .containsExactly("9", "8", "7", "2");
      assertKind(Kind.VERSION_NOT_FOUND, () -> few.fetchVersion("a", "3"));
      assertThat(on.files().stream().filter(f -> f.contains("/a~/0"))).hasSize(4);
    }
  }

  @Test
  void deletedComesBackOnlyByRestore() {
    put(store, "a", "one");
    put(store, "a", "two");
    assertKind(Kind.CONFLICT, () -> store.restore("a"));
    assertKind(Kind.CONFLICT, () -> store.purge("a"));
    store.delete("a");
    assertThat(on.file("a.gpg")).doesNotExist();
    assertThat(store.list("")).isEmpty();
    assertKind(Kind.PENDING_DELETION, () -> store.fetch("a"));
    assertKind(Kind.PENDING_DELETION, () -> store.fetchVersion("a", "1"));
    assertKind(Kind.PENDING_DELETION, () -> put(store, "a", "x"));
    assertKind(
        Kind.PENDING_DELETION, () -> store.put(PutRequest.createOnly("a", SecretValue.of("x"))));
    store.restore("a");
    assertThat(get(store, "a")).isEqualTo("two");
    assertThat(text(store.fetchVersion("a", "1"))).isEqualTo("one");
  }

  @Test
  void purgedNameGoesOnCounting() {
    put(store, "a", "one");
    put(store, "a", "two");
    store.delete("a");
    store.purge("a");
    assertKind(Kind.NOT_FOUND, () -> store.fetch("a"));
    assertKind(Kind.NOT_FOUND, () -> store.purge("a"));
    assertThat(on.files()).noneMatch(file -> file.contains("a~"));
    assertThat(put(store, "a", "new")).isEqualTo("3");
    assertThat(get(store, "a")).isEqualTo("new");
    assertThat(store.versions("a")).hasSize(1);
  }

  @Test
  void namesSideBySide() {
    put(store, "a", "1");
    put(store, "a/b", "2");
    put(store, "a/b/c", "3");
    put(store, "a-b", "4");
    put(store, "a_b", "5");
    assertThat(store.list("")).containsExactly("a", "a-b", "a/b", "a/b/c", "a_b");
    assertThat(store.list("a/")).containsExactly("a/b", "a/b/c");
    assertThat(get(store, "a/b")).isEqualTo("2");
    assertKind(Kind.BAD_NAME, () -> put(store, "A/b", "x"));
    assertKind(Kind.NOT_FOUND, () -> store.fetch("A/b"));
  }

  @Test
  void everyValueComesBackExactly() {
    byte[][] values = {
      {},
      {0},
      {(byte) 0xff, (byte) 0xfe},
      "a\r\nb\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
      new byte[GpgStore.MAX_VALUE]
    };
    new SplittableRandom(1).nextBytes(values[4]);
    for (byte[] value : values) {
      store.put(PutRequest.always("v", SecretValue.of(value)));
      assertThat(store.fetch("v").value().asBytes()).isEqualTo(value);
    }
    assertKind(
        Kind.TOO_LARGE,
        () -> store.put(PutRequest.always("v", SecretValue.of(new byte[GpgStore.MAX_VALUE + 1]))));
    assertThat(store.fetch("v").value().size()).isEqualTo(GpgStore.MAX_VALUE);
  }

  @Test
  void afterCloseEveryCallSaysSo() {
    put(store, "a", "one");
    store.close();
    store.close();
    assertKind(Kind.CLOSED, () -> store.fetch("a"));
    assertKind(Kind.CLOSED, () -> put(store, "a", "x"));
    assertKind(Kind.CLOSED, () -> store.list(""));
  }

  @Test
  void interruptIsHonouredAndTheFlagStays() {
    put(store, "a", "one");
    Thread.currentThread().interrupt();
    assertKind(Kind.INTERRUPTED, () -> store.fetch("a"));
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    assertKind(Kind.INTERRUPTED, () -> put(store, "a", "two"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(get(store, "a")).isEqualTo("one");
  }

  @Test
  void capabilitiesAreAllButBatch() {
    assertThat(store.capabilities()).doesNotContain(Capability.BATCH).hasSize(12);
  }

  @Test
  void factsShowNoValue() {
    put(store, "a", "one");
    assertThat(store.describe("a")).containsEntry("current", "1").containsEntry("file", "a.gpg");
    assertThat(store.check()).containsEntry("secrets", "1").containsEntry("can write", "yes");
    assertThat(store.check().get("protection")).contains("not this host");
  }
}
