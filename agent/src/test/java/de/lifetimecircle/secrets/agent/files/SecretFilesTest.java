package de.lifetimecircle.secrets.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.reads.ReadEvent;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
  private static final String NAME = "prod/TLS_KEY";
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path disk;
  private final FakeStore store = FakeStore.create();
  private Path folder;
  private Path file;
  private SecretProvider provider;

  @BeforeEach
  void start() throws IOException {
    assumeThat(Files.isDirectory(MEMORY) && Files.getFileStore(MEMORY).type().equals("tmpfs"))
        .isTrue();
    folder = Files.createTempDirectory(MEMORY, "secret-files");
    file = folder.resolve("server.key");
    provider =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("retries", "0")
            .build();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    try (Stream<Path> left = Files.list(folder)) {
      for (Path each : left.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }

  /** From a list that begins with a byte order mark, as an editor on Windows writes it. */
  private SecretFiles files(String owner, String mode) throws IOException {
    return SecretFiles.start(
        list("\ufeff" + file + " " + NAME + " " + owner + " " + mode), provider, event -> {});
  }

  private List<FileTarget> list(String... lines) throws IOException {
    Path list = disk.resolve("files.list");
    Files.writeString(list, String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-r--r--"));
    return FilesList.read(list);
  }

  private void rotate(String value) {
    store.holding(NAME, value);
    assertThat(provider.refresh(NAME).value().asString()).isEqualTo(value);
  }

  private static void await(BooleanSupplier isTrue) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!isTrue.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("it never came true").isNegative();
      LockSupport.parkNanos(5_000_000);
    }
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "missing";
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** As Vault numbers the versions of a name that was purged and put again. */
  @Test
  void aFileFollowsAVersionThatWasMadeAgainUnderItsId() throws IOException {
    store.numberingEachName().holding(NAME, "old");
    try (SecretFiles unused = files("-", "0440")) {
      assertThat(read()).isEqualTo("old");
      String id = provider.get(NAME).version();
      store.losing(NAME);
      rotate("new");
      assertThat(provider.get(NAME).version()).isEqualTo(id);
      await(() -> read().equals("new"));
    }
  }

  @Test
  void aFileHasItsModeAndFollowsRotations() throws IOException {
    store.holding(NAME, "first");
    try (SecretFiles unused = files("-", "0440")) {
      assertThat(read()).isEqualTo("first");
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("r--r-----"));
      rotate("second");
      await(() -> read().equals("second"));
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("r--r-----"));
    }
    assertThat(read()).isEqualTo("second");
  }

  @Test
  void aFileBelongsToItsOwner() throws IOException {
    assumeThat(RunningAgent.OWN_USER).isEqualTo("root");
    store.holding(NAME, "first");
    try (SecretFiles unused = files("nobody:nogroup", "0400")) {
      assertThat(Files.getOwner(file).getName()).isEqualTo("nobody");
      assertThat(Files.getAttribute(file, "posix:group")).hasToString("nogroup");
      rotate("second");
      await(() -> read().equals("second"));
      assertThat(Files.getOwner(file).getName()).isEqualTo("nobody");
    }
  }

  /** A writer that truncates or removes first would be seen here. */
  @Test
  void readersSeeWholeValuesOnly() throws Exception {
    String first = "0".repeat(60_000);
    store.holding(NAME, first);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    try (SecretFiles unused = files("-", "0400")) {
      Thread reader =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  String text = read();
                  seen.add(text.isEmpty() ? "empty" : text.charAt(0) + ":" + text.length());
                }
              });
      reader.start();
      for (int i = 1; i < 10; i++) {
        String value = String.valueOf(i).repeat(60_000);
        rotate(value);
        String whole = i + ":60000";
        await(() -> seen.contains(whole));
      }
      reader.interrupt();
      reader.join();
    }
    assertThat(seen).allMatch(text -> text.matches("[0-9]:60000"));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  /** A thread that ends says nothing, and the status stays "up". */
  @Test
  void filesFollowAfterAnError() throws IOException {
    store.holding(NAME, "first");
    AtomicInteger lines = new AtomicInteger();
    Consumer<ReadEvent> log =
        event -> {
          if (lines.incrementAndGet() == 2) {
            throw new OutOfMemoryError("as of a full heap");
          }
        };
    try (SecretFiles unused =
        SecretFiles.start(list(file + " " + NAME + " - 0400"), provider, log)) {
      rotate("second");
      await(() -> lines.get() == 2);
      rotate("third");
      await(() -> read().equals("third"));
    }
  }

  /** The value is in the file already when its move fails. */
  @Test
  void errorLeavesNoValueBehind() throws IOException {
    Path target =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("getParent")) {
                    return folder;
                  }
                  throw new OutOfMemoryError("as of a full heap");
                });
    FileTarget broken =
        new FileTarget(
            target,
            NAME,
            Optional.empty(),
            Optional.empty(),
            PosixFilePermissions.fromString("r--------"));
    assertThatThrownBy(() -> broken.write(SecretValue.of("value")))
        .isInstanceOf(OutOfMemoryError.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFileStaysWhileTheBackendIsDownAndAfterTheEnd() throws IOException {
    store.holding(NAME, "first");
    try (SecretFiles unused = files("-", "0400")) {
      store.next(Op.FETCH, NAME, FakeStep.fail(Kind.UNAVAILABLE));
      assertThatThrownBy(() -> provider.refresh(NAME)).isInstanceOf(SecretException.class);
      assertThat(read()).isEqualTo("first");
    }
    assertThat(read()).isEqualTo("first");
  }

  @Test
  void anUnchangedFileIsNotWrittenAgain() throws IOException {
    store.holding(NAME, "first");
    try (SecretFiles unused = files("-", "0400")) {
      Object inode = Files.getAttribute(file, "unix:ino");
      store.holding("other", "x");
      assertThat(provider.refresh(NAME).value().asString()).isEqualTo("first");
      LockSupport.parkNanos(200_000_000);
      assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }
  }

  @Test
  void aLinkIsReplacedAndNotFollowed() throws IOException {
    store.holding(NAME, "first");
    Path victim = Files.writeString(disk.resolve("victim"), "untouched");
    Files.createSymbolicLink(file, victim);
    try (SecretFiles unused = files("-", "0400")) {
      assertThat(Files.isSymbolicLink(file)).isFalse();
      assertThat(victim).hasContent("untouched");
    }
  }

  @Test
  void whatAKilledAgentLeftBehindIsRemoved() throws IOException {
    store.holding(NAME, "first");
    Path partial = Files.writeString(folder.resolve(FileTarget.PARTIAL + "12.tmp"), "half");
    try (SecretFiles unused = files("-", "0400")) {
      assertThat(partial).doesNotExist();
    }
  }

  @Test
  void aMissingSecretLeavesNoFileAndStopsNothing() throws IOException {
    store.holding("prod/OTHER", "there");
    Path other = folder.resolve("other");
    try (SecretFiles unused =
        SecretFiles.start(
            list(file + " " + NAME + " - 0400", other + " prod/OTHER - 0400"),
            provider,
            event -> {})) {
      assertThat(file).doesNotExist();
      assertThat(other).hasContent("there");
    }
  }

  @Test
  void aDiskIsRefused() {
    assumeThat(disk.startsWith("/dev/shm")).isFalse();
    assertThatThrownBy(() -> list(disk.resolve("key") + " " + NAME + " - 0400"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("(expected: tmpfs, since a disk keeps deleted bytes)");
  }

  /** Its owner could put a link in the way of an agent that may change owners. */
  @Test
  void aFolderOfAnotherUserIsRefused() throws IOException {
    assumeThat(RunningAgent.OWN_USER).isEqualTo("root");
    var users = folder.getFileSystem().getUserPrincipalLookupService();
    Path unused = Files.setOwner(folder, users.lookupPrincipalByName("nobody"));
    assertThatThrownBy(() -> list(file + " " + NAME + " nobody 0400"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("belongs to nobody (expected: root)");
  }

  /** A folder that has become open since the start: nobody knows who has put what there. */
  @Test
  void folderIsCheckedAgainBeforeEachWrite() throws IOException {
    store.holding(NAME, "first");
    try (SecretFiles unused = files("-", "0400")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      rotate("second");
      LockSupport.parkNanos(300_000_000);
      assertThat(read()).isEqualTo("first");
    }
  }

  @Test
  void folderFurtherUpThatOthersCanWriteIsRefused() throws IOException {
    Path deep = Files.createDirectory(folder.resolve("deep"));
    Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> list(deep.resolve("key") + " " + NAME + " - 0400"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining(folder + ": others can write it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relative/path NAME - 0400",
        "/dev/shm/secret-files-none/key NAME - 0400",
        "/dev/shm/key NAME - 0400", // everybody can write there
        "%s NAME - 0404",
        "%s NAME - 400x",
        "%s NAME no-such-user 0400",
        "%s NAME nobody:no-such-group 0400",
        "%s NAME 0400",
        "%s NAME - 0400\n%s NAME - 0400"
      })
  void aMistakeIsReportedWithItsLine(String line) {
    assertThatThrownBy(() -> list("# a comment", line.replace("%s", file.toString())))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("files.list:")
        .hasMessageContaining("expected:");
    assertThat(file).doesNotExist();
  }
}
