package de.lifetimecircle.secrets.gpg.index;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles.Content;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.gpg.store.FastTempDir;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an open store does that has verified a name before: it opens no untouched file again, and
 * misses nothing that happens to one. Its clock is ahead, so that all files are old enough.
 */
class GpgKnownNamesTest {
  private static final String NAME = "d/a";
  private static final String FILE = "d/a.gpg";
  private static final String MANIFEST = ".fgp/versions/d/a~/MANIFEST.pgp";

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private TestStore on;
  private GpgStore writer;
  private GpgStore reader;

  @BeforeEach
  void knowTheName() {
    on = new TestStore(home);
    writer = on.open();
    put(writer, NAME, "one");
    on.clock = inAnHour();
    reader = on.open();
    assertThat(get(reader, NAME)).isEqualTo("one");
  }

  @AfterEach
  void close() {
    reader.close();
    writer.close();
  }

  private static InstantSource inAnHour() {
    return () -> InstantSource.system().instant().plus(Duration.ofHours(1));
  }

  private StoreSession session() throws IOException, StoreFailure {
    return StoreSession.open(GpgConfig.of(on.config()), CrashHook.NONE);
  }

  private static VerifiedSecret recognise(StoreSession session) throws IOException, StoreFailure {
    return session.examiner().recognise(session.index().load(), NAME);
  }

  private void assertRefused(String file) {
    SecretException e =
        catchThrowableOfType(SecretException.class, () -> reader.fetch(NAME).value().close());
    assertThat(e).as(file).isNotNull();
    assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.CORRUPT);
    assertThat(e.getMessage()).contains(file);
  }

  /** Writes into the file and hides it as well as a program can; not within one step of time. */
  private void change(String file, byte[] content) throws IOException {
    Path path = on.file(file);
    FileTime modified = Files.getLastModifiedTime(path);
    Object before = Files.getAttribute(path, "unix:ctime");
    do {
      on.write(file, content);
      Files.setLastModifiedTime(path, modified);
    } while (Files.getAttribute(path, "unix:ctime").equals(before));
  }

  @Test
  void untouchedFilesAreNotOpenedAgain() throws Exception {
    try (StoreSession session = session()) {
      VerifiedSecret first = recognise(session);
      assertThat(recognise(session)).isSameAs(first);
    }
  }

  @Test
  void filesThatChangedJustNowAreOpenedEachTime() throws Exception {
    Instant changed = ((FileTime) Files.getAttribute(on.file(FILE), "unix:ctime")).toInstant();
    on.clock = InstantSource.fixed(changed.plusSeconds(1));
    try (StoreSession session = session()) {
      VerifiedSecret first = recognise(session);
      assertThat(recognise(session)).isNotSameAs(first);
    }
  }

  @Test
  void writersOpenEveryFile() throws Exception {
    try (StoreSession session = session()) {
      VerifiedSecret known = recognise(session);
      assertThat(session.examiner().examine(session.index().load(), NAME)).isNotSameAs(known);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FILE, MANIFEST})
  void noChangeInPlaceIsMissed(String file) throws IOException {
    byte[] original = on.bytes(file);
    for (int i = 0; i < original.length; i++) {
      byte[] changed = original.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      change(file, changed);
      assertRefused(file);
      change(file, original);
      assertThat(get(reader, NAME)).as("byte " + i).isEqualTo("one");
    }
  }

  @Test
  void writesOfOthersAreSeenAtOnce() {
    for (int i = 0; i < 20; i++) {
      put(writer, NAME, "value-" + i);
      assertThat(get(reader, NAME)).isEqualTo("value-" + i);
      assertThat(get(reader, NAME)).isEqualTo("value-" + i);
    }
    writer.delete(NAME);
    SecretException e = catchThrowableOfType(SecretException.class, () -> reader.fetch(NAME));
    assertThat(e.kind()).isEqualTo(Kind.PENDING_DELETION);
  }

  @Test
  void whatWasKnownOnceCannotComeBack() throws IOException {
    byte[] file = on.bytes(FILE);
    byte[] manifest = on.bytes(MANIFEST);
    byte[] index = on.bytes(StoreLayout.INDEX);
    put(writer, NAME, "two");
    assertThat(get(reader, NAME)).isEqualTo("two");
    byte[] newer = on.bytes(MANIFEST);
    change(MANIFEST, manifest);
    change(FILE, file);
    assertRefused(MANIFEST);
    change(MANIFEST, newer);
    assertThat(get(reader, NAME)).isEqualTo("two");
    change(MANIFEST, manifest);
    change(FILE, file);
    change(StoreLayout.INDEX, index);
    assertRefused(StoreLayout.INDEX);
  }

  @Test
  void writeThatWasCutOffAfterItsManifestCounts() {
    CrashHook cutOff =
        (step, file) -> {
          if (step.equals("rename") && file.equals(FILE)) {
            throw new FileSystemException(file, null, "Input/output error");
          }
        };
    try (GpgStore interrupted = on.open(cutOff)) {
      assertThat(
              catchThrowableOfType(SecretException.class, () -> put(interrupted, NAME, "two"))
                  .kind())
          .isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(get(reader, NAME)).isEqualTo("two");
  }

  @Test
  void symbolicLinksAreRefusedThoughTheNameIsKnown() throws IOException {
    Path elsewhere = home.resolve("elsewhere");
    Files.move(on.file("d"), elsewhere);
    Files.createSymbolicLink(on.file("d"), elsewhere);
    assertRefused(FILE);
    Files.delete(on.file("d"));
    Files.move(elsewhere, on.file("d"));
    assertThat(get(reader, NAME)).isEqualTo("one");
    for (String file : new String[] {FILE, MANIFEST}) {
      Files.createLink(home.resolve("second"), on.file(file));
      assertThat(get(reader, NAME)).as("a backup by hard links is harmless").isEqualTo("one");
      Files.delete(home.resolve("second"));
      Files.move(on.file(file), elsewhere);
      Files.createSymbolicLink(on.file(file), elsewhere);
      assertRefused(file);
      Files.move(elsewhere, on.file(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(get(reader, NAME)).isEqualTo("one");
    }
  }

  @Test
  void missingFilesAreNoticed() {
    on.delete(FILE);
    assertThat(get(reader, NAME)).isEqualTo("one");
    assertThat(on.file(FILE)).exists();
    on.delete(MANIFEST);
    assertRefused(MANIFEST);
  }

  /** A name that a session has recognised, and the files that this was read from. */
  private record Recognised(
      StoreSession session, VerifiedSecret view, IndexRoot root, Content manifest, Content file) {

    static Recognised in(StoreSession session) throws IOException, StoreFailure {
      VerifiedSecret view = recognise(session);
      IndexRoot root = session.index().load();
      Content manifest = session.files().content(MANIFEST, StoreTrust.MAX_SIGNED);
      Content file = session.files().content(FILE, StoreTrust.MAX_SIGNED);
      assertThat(manifest).isNotNull();
      assertThat(file).isNotNull();
      return new Recognised(session, view, root, manifest, file);
    }

    /** The same of another name. */
    VerifiedSecret as(String name) {
      return new VerifiedSecret(
          name, view.entry(), view.manifest(), "", false, false, view.state(), view.file());
    }

    void keep(VerifiedSecretCache known, VerifiedSecret kept) {
      known.remember(
          kept, root, manifest.facts(), file.facts(), session.config().clock().instant());
    }

    Optional<VerifiedSecret> in(VerifiedSecretCache known) throws IOException, StoreFailure {
      return known.view(root, view.entry(), NAME);
    }
  }

  @Test
  void whatIsKeptHasABound() throws Exception {
    try (StoreSession session = session()) {
      Recognised name = Recognised.in(session);
      VerifiedSecretCache known = new VerifiedSecretCache(session.files(), 20_000);
      name.keep(known, name.view());
      assertThat(name.in(known)).containsSame(name.view());
      for (int i = 0; i < 20; i++) {
        name.keep(known, name.as("n" + i));
      }
      assertThat(name.in(known)).isEmpty();
      VerifiedSecretCache small = new VerifiedSecretCache(session.files(), 2_000);
      name.keep(small, name.view());
      assertThat(name.in(small)).isEmpty();
    }
  }

  /** Else a name that is written often would make the reader open all other files again. */
  @Test
  void nameThatIsKeptAgainTakesItsPlaceOnce() throws Exception {
    try (StoreSession session = session()) {
      Recognised name = Recognised.in(session);
      VerifiedSecret often = name.as("often");
      VerifiedSecretCache known = new VerifiedSecretCache(session.files(), 50_000);
      name.keep(known, name.view());
      for (int i = 0; i < 200; i++) {
        name.keep(known, often);
      }
      assertThat(name.in(known)).containsSame(name.view());
    }
  }
}
