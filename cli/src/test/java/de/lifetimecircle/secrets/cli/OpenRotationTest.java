package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * A name with an open rotation, whose journal is here or elsewhere, on a store with stages and on
 * one without: every command that writes it refuses until the person insists, and the checks tell.
 */
class OpenRotationTest extends CommandTest {
  private static final String FIRST = "0123456789abcdef".repeat(4);
  private static final String SECOND = "123456789abcdef0".repeat(4);
  private static final String THIRD = "23456789abcdef01".repeat(4);

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks:
        test: [sh, -c, "exit $(cat code)"]
      secrets:
        KEY:
          description: key
          generator: hex 32
          rotation: {every: 3 months, grace: 2 hours}
        URL: {description: url, template: "https://{KEY}@host"}
      """;

  /** The commands that change what a name serves, with a line of each. */
  private static final Map<String, String> WRITES =
      Map.of(
          "put", "put prod/KEY --stdin",
          "edit", "edit KEY --editor EDITOR --trust-editor",
          "delete", "delete KEY --yes",
          "restore", "restore KEY",
          "purge", "purge KEY --yes",
          "rollback", "rollback KEY",
          "generate", "generate KEY --force",
          "import", "import FOLDER/new.env --replace",
          "rename", "rename KEY SIGNING_KEY --yes",
          "migrate", "between two stores: MovedRotationTest");

  /** Only a journal tells of these: the store lists no version of a deleted secret. */
  private static final List<String> OF_DELETED = List.of("restore", "purge");

  /** What writes nothing that is served, or is a way of the rotation itself. */
  private static final List<String> OTHERS =
      List.of(
          "get list exec describe versions history export template redact whoami doctor init check",
          "status diff document policy ci runbook handover alerts fmt schema due schedule log notify",
          "audit scan compare completion help warm-up",
          "rotate rotate:due rotate:resume rotate:rollback rotate:abandon rotate:retire emergency",
          "recipients recipients:list recipients:add recipients:remove",
          "store store:verify store:backup store:repair agent decide");

  enum Form {
    STAGES,
    SIBLING
  }

  enum Place {
    HERE,
    ELSEWHERE
  }

  @TempDir Path folder;
  private Path memory = Path.of("");
  private String inventory = "";

  @BeforeEach
  void prepare() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    Files.writeString(folder.resolve("new.env"), "KEY=" + THIRD + "\n");
    Path editor =
        Files.writeString(
            folder.resolve("editor"), "#!/bin/sh\nprintf %s " + THIRD + " > \"$1\"\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "open-rotation");
    environment.put("XDG_RUNTIME_DIR", memory.toString());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Files.delete(memory);
  }

  private void use(Form form) {
    EnumSet<Capability> can = EnumSet.allOf(Capability.class);
    if (form == Form.SIBLING) {
      can.remove(Capability.STAGES);
    }
    use(FakeStore.with(can.toArray(new Capability[0])));
    store.holding("prod/KEY", FIRST).holding("prod/KEY", SECOND);
    store.holding("prod/URL", "https://" + SECOND + "@host");
  }

  /** Begins a rotation that stops before its value is served, or in its grace. */
  private void rotate(int test) throws IOException {
    Files.writeString(folder.resolve("code"), String.valueOf(test));
    assertThat(operate("rotate KEY --by anna"))
        .as(terminal.errText())
        .isEqualTo(test == 0 ? 0 : ExitCode.STOPPED.code());
  }

  private void open(Form form, Place place) throws IOException {
    use(form);
    rotate(1);
    if (place == Place.ELSEWHERE) {
      Files.move(folder.resolve("secrets-rotations"), folder.resolve("other-machine"));
    }
  }

  private int operate(String line) {
    String words = line.replace("EDITOR", folder + "/editor").replace("FOLDER", folder.toString());
    List<String> args = new ArrayList<>(List.of(words.split(" ")));
    args.addAll(List.of("--inventory", inventory));
    return runWith(new FakeTerminal().input(utf8(THIRD)), args.toArray(new String[0]));
  }

  private int writes() {
    return store.calls(FakeStore.Op.PUT)
        + store.calls(FakeStore.Op.PROMOTE)
        + store.calls(FakeStore.Op.DELETE)
        + store.calls(FakeStore.Op.RESTORE)
        + store.calls(FakeStore.Op.PURGE);
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void everyCommandIsKnownToWriteOrNot() {
    CommandLine root = CommandTable.whole(new CommandSession(new FakeTerminal(), Map.of()));
    TreeSet<String> known = new TreeSet<>(WRITES.keySet());
    OTHERS.forEach(line -> known.addAll(List.of(line.split(" "))));
    TreeSet<String> all = new TreeSet<>(List.of("agent", "decide"));
    addNames(root, "", all);
    assertThat(known).isEqualTo(all);
  }

  private static void addNames(CommandLine parent, String before, Set<String> names) {
    for (CommandLine command : parent.getSubcommands().values()) {
      String name = before + command.getCommandName();
      if (!name.endsWith(":help")) {
        names.add(name);
        addNames(command, name + ":", names);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"STAGES, HERE", "STAGES, ELSEWHERE", "SIBLING, HERE", "SIBLING, ELSEWHERE"})
  void everyWriteIsRefusedUntilThePersonInsists(Form form, Place place) throws IOException {
    for (Map.Entry<String, String> write : WRITES.entrySet()) {
      String command = write.getKey();
      if (command.equals("migrate")
          || (command.equals("rollback") && form == Form.SIBLING) // it cannot
          || (OF_DELETED.contains(command) && place == Place.ELSEWHERE)) {
        continue;
      }
      Path fresh = Files.createDirectory(folder.resolve(command));
      open(form, place);
      if (OF_DELETED.contains(command)) {
        store.secondClient().delete("prod/KEY");
      }
      int before = writes();
      assertThat(operate(write.getValue())).as(command).isEqualTo(ExitCode.CONFLICT.code());
      assertThat(terminal.errText())
          .as(command)
          .contains("prod/KEY")
          .contains("secrets rotate abandon KEY ")
          .contains("--force")
          .contains(place == Place.HERE ? "a rotation that anna began at 20" : " is pending");
      assertThat(writes()).as(command).isEqualTo(before);
      assertThat(Path.of(inventory)).content().isEqualTo(INVENTORY);

      assertThat(operate(write.getValue() + " --force")).as(command + terminal.errText()).isZero();
      assertThat(terminal.errText()).as(command).contains("stays open: ");
      assertThat(writes()).as(command).isGreaterThan(before);
      Files.writeString(Path.of(inventory), INVENTORY);
      clearJournals(fresh);
    }
  }

  private void clearJournals(Path to) throws IOException {
    for (String each : List.of("secrets-rotations", "other-machine")) {
      if (Files.exists(folder.resolve(each))) {
        Files.move(folder.resolve(each), to.resolve(each));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aTemplateAndAPlainRotationAreRefusedToo(Place place) throws IOException {
    open(Form.STAGES, place);
    assertThat(operate("put prod/URL --plain")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(operate("generate URL --force")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(operate("rotate KEY --plain")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(held("prod/KEY")).isEqualTo(SECOND);
    assertThat(held("prod/URL")).isEqualTo("https://" + SECOND + "@host");
    assertThat(operate("put prod/FREE")).as("another name").isZero();
  }

  /** A store has one previous version, so a second new value would push the old one out early. */
  @Test
  void inTheGraceAWriteIsRefusedAndTheCheckIsContent() throws IOException {
    use(Form.STAGES);
    rotate(0);
    String rotated = held("prod/KEY");
    assertThat(operate("put KEY")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText())
        .contains("keeps the old value valid until 20")
        .contains("secrets rotate retire KEY ");
    assertThat(operate("rollback KEY")).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.errText()).contains("secrets rotate rollback KEY ");
    assertThat(held("prod/KEY")).isEqualTo(rotated);
    assertThat(operate("check")).as(terminal.outText()).isZero();
    assertThat(terminal.outText()).contains("OK    prod/KEY (rotation): open for ");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void checkAndStatusTellUntilItIsAbandoned(Form form) throws IOException {
    for (Place place : Place.values()) {
      open(form, place);
      assertThat(operate("check")).as(terminal.outText()).isEqualTo(ExitCode.FOUND.code());
      assertThat(terminal.outText().lines().filter(line -> line.startsWith("FAIL")))
          .as(terminal.outText())
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWith("FAIL  prod/KEY (rotation): open for 0 minutes: ")
          .contains(place == Place.HERE ? "its last step was pending" : "has no journal")
          .contains("'secrets rotate abandon KEY ");
      assertThat(operate("status")).isEqualTo(ExitCode.FOUND.code());
      assertThat(terminal.outText()).contains("prod/KEY (rotation): open for 0 minutes: ");
      assertThat(operate("check --journal " + folder.resolve("other-machine")))
          .isEqualTo(ExitCode.FOUND.code());
      assertThat(operate("rotate abandon KEY")).as(terminal.errText()).isZero();
      assertThat(operate("check")).as(terminal.outText()).isZero();
      assertThat(operate("put KEY")).as("the pending value is a copy now").isZero();
      assertThat(operate("generate KEY --force")).as("and of no served one now").isZero();
      clearJournals(Files.createDirectory(folder.resolve("done-" + place)));
    }
  }

  /** A plain write must stay one: at most one call more, and none that reads its value. */
  @Test
  void withoutARotationAWriteCostsOneCallMore() {
    use(Form.STAGES);
    int calls = store.calls();
    assertThat(operate("put KEY")).isZero();
    assertThat(store.calls(FakeStore.Op.VERSIONS)).isEqualTo(1);
    assertThat(store.calls() - calls).isEqualTo(2);
    use(Form.SIBLING);
    assertThat(operate("put KEY")).isZero();
    assertThat(store.calls(FakeStore.Op.FETCH, "prod/KEY-pending")).isEqualTo(1);
    assertThat(store.calls()).isEqualTo(2);
    use(FakeStore.with(Capability.WRITE));
    assertThat(operate("put KEY")).isZero();
    assertThat(store.calls()).as("a store that cannot rotate").isEqualTo(1);
  }

  @Test
  void aWriterWhoMayNotListVersionsIsToldThatNobodyLooked() {
    use(Form.STAGES);
    store.always(
        FakeStore.Op.VERSIONS, "prod/KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(operate("put KEY")).isZero();
    assertThat(terminal.errText()).contains("cannot be read: access denied");
    assertThat(held("prod/KEY")).isEqualTo(THIRD);
  }
}
