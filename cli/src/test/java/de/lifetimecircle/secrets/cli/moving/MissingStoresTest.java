package de.lifetimecircle.secrets.cli.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves from a store of files whose settings name no store. */
class MissingStoresTest extends CommandTest {
  @TempDir private Path folder;

  private String settings(String name) throws IOException {
    Path store = folder.resolve(name);
    String text = "backend=gpg\ngpg.store=" + store + "\ngpg.key-file=" + store + ".pgp\n";
    return Files.writeString(folder.resolve(name + ".properties"), text).toString();
  }

  @Test
  void nothingToCopyIsNoSuccess() throws IOException {
    environment.clear();
    String journal = "--journal=" + folder.resolve("journal");
    String none = settings("typo");
    String target = settings("target");
    String said = "there is none in " + folder.resolve("typo") + " yet";
    assertThat(fail(ExitCode.NOT_FOUND, "migrate", none, target, journal)).contains(said);
    assertThat(fail(ExitCode.NOT_FOUND, "migrate", none, target, "--dry-run")).contains(said);
    assertThat(fail(ExitCode.NOT_FOUND, "compare", none, target)).contains(said);
    assertThat(folder.resolve("target")).doesNotExist();
  }

  @Test
  void theFirstStoreIsComparedBeforeTheSecondIsThere() throws IOException {
    environment.clear();
    String first = settings("first");
    FakeTerminal value = new FakeTerminal().input(utf8("x"));
    assertThat(runWith(value, "put", "A", "--config", first)).as(terminal.errText()).isZero();
    assertThat(run("compare", first, settings("second"))).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).isEqualTo("ONLY IN FIRST   A\n");
  }

  /**
   * The last run says whether services can be moved: with a name that is not copied they cannot.
   */
  @Test
  void aNameThatAnotherPassCannotCopyIsNoSuccess() throws IOException {
    environment.clear();
    String first = settings("first");
    String second = settings("second");
    String[] line = {"migrate", first, second, "--journal=" + folder.resolve("journal")};
    put("A", "a", first);
    put("B", "b", first);
    put("B", "b", second);
    assertThat(run(line)).as(terminal.errText()).isZero();
    put("B", "c", first);
    assertThat(run(line)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.errText())
        .contains("PROBLEM  'B': the target has it with another value; see --replace")
        .contains("1 problem left");
    String[] replacing = {line[0], line[1], line[2], line[3], "--replace"};
    assertThat(run(replacing)).as(terminal.errText()).isZero();
    assertThat(run("compare", first, second)).as(terminal.outText()).isZero();
  }

  /** The first plan and its rehearsal end with the same code as a later pass. */
  @Test
  void aNameThatTheFirstPassCannotCopyIsNoSuccess() throws IOException {
    environment.clear();
    String first = settings("first");
    String second = settings("second");
    put("A", "a", first);
    put("A", "b", second);
    String[] line = {"migrate", first, second, "--journal=" + folder.resolve("journal")};
    assertThat(run(line)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).startsWith("PROBLEM  'A': the target has it");
    assertThat(terminal.errText()).contains("Nothing was written: 1 problem");
    assertThat(run("migrate", first, second, "--dry-run")).isEqualTo(ExitCode.FOUND.code());
  }

  private void put(String name, String value, String store) {
    FakeTerminal piped = new FakeTerminal().input(utf8(value));
    assertThat(runWith(piped, "put", name, "--config", store)).as(terminal.errText()).isZero();
  }

  /** A migration with nothing to copy does not make the second store, and both say so alike. */
  @Test
  void nothingUnderAPrefixIsTheSameInAStoreThatIsNotThere() throws IOException {
    environment.clear();
    String first = settings("first");
    FakeTerminal value = new FakeTerminal().input(utf8("x"));
    assertThat(runWith(value, "put", "A", "--config", first)).as(terminal.errText()).isZero();
    String second = settings("second");
    succeed("migrate", first, second, "--prefix=B/", "--journal=" + folder.resolve("journal"));
    assertThat(folder.resolve("second")).doesNotExist();
    assertThat(run("compare", first, second, "--prefix=B/")).as(terminal.errText()).isZero();
  }
}
