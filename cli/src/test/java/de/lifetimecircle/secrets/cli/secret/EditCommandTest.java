package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditCommandTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      secrets:
        HOST: {description: host, validation: {matches: "[a-z.]{1,12}"}}
        URL: {description: url, template: "https://{HOST}/x"}
      """;

  @TempDir Path folder;
  private String file = "";
  private Path memory = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    file = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    store.holding("prod/HOST", "old.example").holding("plain", CANARY);
    // Its own, because other processes use /dev/shm at the same time.
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "edit-test");
    environment.put("XDG_RUNTIME_DIR", memory.toString());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Files.delete(memory); // fails if something is in it
  }

  private String editor(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("editor"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program.toString();
  }

  private int edit(String name, String script) throws IOException {
    return run("edit", name, "--editor", editor(script), "--trust-editor", "--inventory", file);
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  @Test
  void storesWhatTheEditorLeaves() throws IOException {
    String script =
        "stat -c %a \"$1\" > "
            + folder
            + "/rights; stat -f -c %T \"$1\" >> "
            + folder
            + "/rights;"
            + " sed -i s/old/new/ \"$1\"; echo >> \"$1\"";
    assertThat(edit("HOST", script)).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).isEqualTo("Updated 'prod/HOST': version v3\n");
    assertThat(terminal.errText())
        .contains("to update the values that contain it: secrets generate URL --force");
    assertThat(held("prod/HOST")).isEqualTo("new.example");
    assertThat(folder.resolve("rights")).content().isEqualTo("600\ntmpfs\n");
  }

  @Test
  void anUnchangedTextIsNotStored() throws IOException {
    assertThat(edit("prod/HOST", "echo >> \"$1\"")).isZero(); // as editors end the last line
    assertThat(terminal.outText()).isEqualTo("Unchanged: 'prod/HOST'\n");
    assertThat(held("prod/HOST")).isEqualTo("old.example");
  }

  @Test
  void aFinalCarriageReturnOfTheValueStays() throws IOException {
    store.holding("plain", "old\r");
    assertThat(edit("plain", "sed -i s/old/new/ \"$1\"; echo >> \"$1\"")).isZero();
    assertThat(held("plain")).isEqualTo("new\r");
    assertThat(edit("HOST", "printf 'new.example\\r\\n' > \"$1\"")).isZero();
    assertThat(held("prod/HOST")).as("a line end of the editor's").isEqualTo("new.example");
  }

  @Test
  void refusesWhatBreaksARule() throws IOException {
    assertThat(edit("HOST", "echo " + CANARY + " > \"$1\"")).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText()).contains("matches").doesNotContain(CANARY);
    assertThat(edit("HOST", ": > \"$1\"")).isEqualTo(ExitCode.INVALID.code());
    assertThat(edit("HOST", "echo x > \"$1\"; exit 3")).isEqualTo(ExitCode.INTERNAL.code());
    assertThat(held("prod/HOST")).isEqualTo("old.example");
    assertThat(edit("URL", "echo x > \"$1\"")).isEqualTo(ExitCode.NOT_FOUND.code());
  }

  @Test
  void somebodyElsesChangeIsNotOverwritten() throws Exception {
    for (FakeStore each :
        List.of(
            store,
            FakeStore.with(
                    Capability.VERSIONS, Capability.LIST, Capability.WRITE, Capability.CREATE_ONLY)
                .holding("prod/HOST", "old.example"))) {
      use(each);
      Path waits = folder.resolve("waits");
      Path goes = folder.resolve("goes");
      Files.deleteIfExists(waits);
      Files.deleteIfExists(goes);
      Thread other =
          new Thread(
              () -> {
                while (!Files.exists(waits)) {
                  Thread.onSpinWait();
                }
                each.holding("prod/HOST", "other.example");
                try {
                  Files.createFile(goes);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      other.start();
      String script =
          "touch " + waits + "; while [ ! -e " + goes + " ]; do sleep 0.02; done; echo mine > $1";
      assertThat(edit("HOST", script)).isEqualTo(ExitCode.CONFLICT.code());
      other.join();
      assertThat(held("prod/HOST")).isEqualTo("other.example");
    }
  }

  @Test
  void anEditorThatMayKeepCopiesIsRefused() throws IOException {
    String unknown = editor("echo x > \"$1\"");
    String said = fail(ExitCode.USAGE, "edit", "plain", "--editor", unknown);
    assertThat(said).contains("may keep copies").contains("--trust-editor");
    assertThat(held("plain")).isEqualTo(CANARY);
    environment.put("EDITOR", "emacsclient -t");
    assertThat(fail(ExitCode.USAGE, "edit", "plain")).contains("'emacsclient'");
    fail(ExitCode.NOT_FOUND, "edit", "nothing");
  }

  @Test
  void editorsAreCalledWithoutTheirCopies() {
    Map<String, String> path = Map.of("PATH", System.getenv("PATH"));
    List<String> vim =
        EditorProgram.of("vim -u my.vim", EditorProgram.Trust.NONE, path).command(Path.of("/f"));
    assertThat(vim)
        .startsWith("vim", "-u", "my.vim", "-u", "NONE", "-i", "NONE", "-n")
        .endsWith("/f")
        .anyMatch(word -> word.contains("noswapfile") && word.contains("noundofile"));
    assertThat(EditorProgram.of("nano", EditorProgram.Trust.NONE, path).command(Path.of("/f")))
        .containsExactly("nano", "--ignorercfiles", "/f");
  }
}
