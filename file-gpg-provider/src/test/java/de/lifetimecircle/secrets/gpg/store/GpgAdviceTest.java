package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The advice in a store that a copy, a clone or a full disk has left incomplete. */
class GpgAdviceTest {
  @TempDir private Path home;
  private volatile boolean full;

  private static SecretException failure(ThrowingCallable call) {
    return catchThrowableOfType(SecretException.class, call);
  }

  /** Reads, changes and maintenance: who follows one's advice must not be refused by another. */
  private static List<SecretException> failures(GpgStore store) {
    return Stream.<ThrowingCallable>of(
            () -> get(store, "db/a"),
            () -> store.versions("db/a"),
            () -> store.list(""),
            store::check,
            store::recipients,
            () -> store.delete("db/a"),
            () -> put(store, "db/b", "two"))
        .map(GpgAdviceTest::failure)
        .toList();
  }

  private static String said(SecretException failure) {
    return failure.getMessage().replaceFirst("^Cannot [^(]*[(]gpg[)]: ", "");
  }

  @ParameterizedTest
  @CsvSource({
    "mark, known, reject, gone",
    "mark, unknown, reject, gone",
    "none, known, reject, gone",
    "none, unknown, reject, gone",
    "mark, known, reject, empty",
    "none, known, adopt, gone",
    "mark, unknown, adopt, gone",
    "mark, known, adopt, empty"
  })
  void everyCallAdvisesTheSameWhereSecretsHaveLostTheirHiddenFolder(
      String mark, String known, String edits, String hidden) throws IOException {
    TestStore on = new TestStore(home).with("foreign-edits", edits);
    if (mark.equals("mark")) {
      on.with("high-water-file", home.resolve("mark").toString());
    }
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
    }
    TestStore.erase(on.file(".fgp"));
    if (hidden.equals("empty")) {
      Files.createDirectory(on.file(".fgp"));
      Files.createFile(on.file(".fgp/lock"));
    }
    if (known.equals("unknown")) {
      Files.delete(home.resolve("key.pgp.stores"));
    }
    try (GpgStore store = on.open()) {
      List<SecretException> failures = failures(store);
      assertThat(failures).extracting(SecretException::kind).containsOnly(Kind.CORRUPT);
      assertThat(failures.stream().map(GpgAdviceTest::said).distinct().toList())
          .singleElement()
          .asString()
          .contains(".fgp is missing in " + on.folder + ", or empty, but secrets such as db/a.gpg")
          .contains("Restore that folder from a backup")
          .contains("set gpg.foreign-edits=adopt, and first run: rm -f ");
      if (hidden.equals("gone")) {
        for (SecretException each : List.of(failure(store::verify), failure(store::planRepair))) {
          assertThat(said(each)).isEqualTo(said(failures.get(0)));
        }
      }
    }
  }

  @Test
  void adviceToTakeOverTheCurrentValuesWorksAsItStands() throws Exception {
    Path odd = Files.createDirectory(home.resolve("it's a folder"));
    TestStore on = new TestStore(odd).with("high-water-file", odd.resolve("mark").toString());
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
    }
    TestStore.erase(on.file(".fgp"));
    String command;
    try (GpgStore store = on.open()) {
      command = failure(() -> get(store, "db/a")).getMessage().replaceFirst(".*first run: ", "");
    }
    run(command.replaceFirst("[.]$", ""));
    try (GpgStore store = on.with("foreign-edits", "adopt").open()) {
      put(store, "db/b", "two");
      assertThat(get(store, "db/a")).isEqualTo("one");
    }
  }

  /** The advice for the live store would have people delete its memory because of a bad backup. */
  @ParameterizedTest
  @ValueSource(strings = {"copy", "copy.tar"})
  void copyWithoutTheHiddenFolderIsNoReasonToChangeTheStore(String name) throws Exception {
    TestStore on = new TestStore(home);
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
      Path copy = home.resolve("copy");
      on.copyTo(copy);
      TestStore.erase(copy.resolve(".fgp"));
      run("tar cf copy.tar -C copy .");
      SecretException failure = failure(() -> store.verify(home.resolve(name)));
      assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
      assertThat(said(failure)).isEqualTo(".fgp is missing in this copy. Use another backup.");
    }
  }

  @Test
  void everyCallAdvisesTheSameWhereTheWholeStoreIsGone() throws IOException {
    TestStore on = new TestStore(home);
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
    }
    TestStore.erase(on.folder);
    try (GpgStore store = on.open()) {
      List<SecretException> failures = failures(store);
      assertThat(failures).extracting(SecretException::kind).containsOnly(Kind.UNAVAILABLE);
      assertThat(failures.stream().map(GpgAdviceTest::said).distinct().toList())
          .singleElement()
          .asString()
          .contains("there is no store in " + on.folder + " any more")
          .contains("first run: rm -f '" + home.resolve("key.pgp.stores") + "'");
    }
  }

  /** A clone on a machine whose git writes the line ends of Windows, of a store in a subfolder. */
  @Test
  void cloneWithOtherLineEndsIsExplainedAndTheAdviceWorksAsItStands() throws Exception {
    Path origin = Files.createDirectory(home.resolve("origin"));
    TestStore on = new TestStore(home, "origin/it's", "key.pgp");
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
    }
    Files.writeString(origin.resolve("outside"), "committed\n");
    String git = "git -c user.name=x -c user.email=x@example.org -c core.autocrlf=false";
    run("cd origin && git init -q && " + git + " add . && " + git + " commit -qm x");
    run("umask 077 && git clone -q -c core.autocrlf=true origin clone");
    Path outside = home.resolve("clone/outside");
    Files.writeString(outside, "edited\n");
    run("cd clone && echo new > staged && " + git + " add staged");
    on.with("store", home.resolve("clone/it's").toString());
    String said;
    try (GpgStore store = on.open()) {
      SecretException failure = failure(() -> get(store, "db/a"));
      assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
      said = failure.getMessage();
      assertThat(said)
          .contains(".fgp/format has other line ends than it was written with")
          .contains("autocrlf")
          .doesNotContain("newest version");
      assertThat(failure(() -> put(store, "db/b", "two"))).hasMessageContaining("autocrlf");
      assertThat(failure(store::verify)).hasMessageContaining("autocrlf");
    }
    run(said.replaceFirst(".*in the repository: ", "").replaceFirst("; for all clones.*", ""));
    assertThat(outside).hasContent("edited");
    run("cd clone && git status --short");
    assertThat(home.resolve("output")).hasContent(" M outside\nA  staged");
    try (GpgStore store = on.open()) {
      assertThat(get(store, "db/a")).isEqualTo("one");
      put(store, "db/b", "two");
      assertThat(get(store, "db/b")).isEqualTo("two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lifetimecircle-secrets 2\n", "lifetimecircle-secrets 2\r\n", "\r"})
  void formatOfALaterVersionIsStillToldApart(String format) {
    TestStore on = new TestStore(home);
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    on.write(".fgp/format", format.getBytes(StandardCharsets.UTF_8));
    try (GpgStore store = on.open()) {
      assertThat(failure(() -> get(store, "a"))).hasMessageContaining("newest version");
    }
    on.delete(".fgp/format");
    try (GpgStore store = on.open()) {
      assertThat(failure(() -> get(store, "a")))
          .hasMessageContaining("is gone. Restore it from a backup")
          .hasMessageContaining("it holds the line 'lifetimecircle-secrets 1'")
          .hasMessageNotContaining("newest version");
    }
  }

  private void fail(String step, String file) throws IOException {
    if (full && step.equals("write")) {
      throw new FileSystemException(file, null, "No space left on device");
    }
  }

  @Test
  void repairsThatAFullDiskPreventsAreNotLogged() {
    TestStore on = new TestStore(home);
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler = noting(logged);
    Logger log = Logger.getLogger("de.lifetimecircle.secrets.gpg");
    try (GpgStore store = on.open(this::fail)) {
      for (String name : List.of("older", "gone", "damaged")) {
        put(store, name, "one");
        put(store, name, "two");
      }
      on.write("older.gpg", on.bytes(".fgp/versions/older~/00000001.pgp"));
      on.delete("gone.gpg");
      on.write("damaged.gpg", on.bytes(".fgp/versions/damaged~/00000001.pgp"));
      on.delete(".fgp/versions/damaged~/00000001.pgp");
      log.addHandler(handler);
      full = true;
      for (int i = 0; i < 20; i++) {
        for (String name : List.of("older", "gone", "damaged")) {
          assertThat(get(store, name)).isEqualTo("two");
          assertThat(failure(() -> put(store, name, "three"))).hasMessageContaining("Free space");
        }
      }
      assertThat(logged).isEmpty();
      full = false;
      for (String name : List.of("older", "gone", "damaged")) {
        assertThat(get(store, name)).isEqualTo("two");
      }
      assertThat(logged)
          .filteredOn(line -> line.contains("restored its .gpg file"))
          .hasSize(3)
          .doesNotHaveDuplicates();
    } finally {
      log.removeHandler(handler);
    }
  }

  @Test
  void markThatCannotBeWrittenIsReportedOnceUntilItCan() throws IOException {
    Path mark = home.resolve("mark");
    Path inTheWay = home.resolve("mark.lock");
    TestStore on = new TestStore(home).with("high-water-file", mark.toString());
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler = noting(logged);
    Logger log = Logger.getLogger("de.lifetimecircle.secrets.gpg");
    try (GpgStore store = on.open()) {
      put(store, "a", "value");
      log.addHandler(handler);
      for (int outage = 1; outage <= 2; outage++) {
        Files.deleteIfExists(inTheWay);
        Files.createDirectory(inTheWay);
        for (int i = 0; i < 5; i++) {
          put(store, "a", "value " + outage + i);
        }
        assertThat(logged)
            .hasSize(outage)
            .allMatch(line -> line.startsWith("Cannot write the high-water file " + mark));
        Files.delete(inTheWay);
        put(store, "a", "written " + outage);
      }
      assertThat(logged).hasSize(2);
    } finally {
      log.removeHandler(handler);
    }
  }

  private static Handler noting(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        lines.add(new SimpleFormatter().formatMessage(entry));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private void run(String command) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(command + ": " + Files.readString(home.resolve("output")))
        .isZero();
  }

  /** As another account finds it whom the folders on the way do not let in. */
  @ParameterizedTest
  @ValueSource(strings = {"reject", "adopt"})
  void storeThatIsOutOfReachIsNotMissing(String edits) throws IOException {
    Files.createSymbolicLink(home.resolve("loop"), home.resolve("loop"));
    TestStore on = new TestStore(home, "loop/store", "key.pgp").with("foreign-edits", edits);
    try (GpgStore store = on.open()) {
      assertThat(failures(store))
          .allSatisfy(failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
      assertThat(failure(store::verify).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  /** The home of a user may have spaces and quotes, which a shell would take apart. */
  @Test
  void commandsForRightsWorkWithEveryPath() throws Exception {
    TestStore on = new TestStore(Files.createDirectory(home.resolve("it's $HOME")));
    try (GpgStore store = on.open()) {
      put(store, "db/a", "one");
    }
    Files.setPosixFilePermissions(
        on.home.resolve("key.pgp"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(on.folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> ran = new ArrayList<>();
    try (GpgStore store = on.open()) {
      for (SecretException e = failure(() -> get(store, "db/a"));
          e != null && ran.size() < 3;
          e = failure(() -> get(store, "db/a"))) {
        String command = e.getMessage().replaceFirst("(?s)^.*Run: (.*)[.]$", "$1");
        ran.add(command.substring(0, 9));
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).as(command).isZero();
      }
    }
    assertThat(ran).containsExactlyInAnyOrder("chmod 600", "chmod 700");
  }
}
