package de.lifetimecircle.secrets.cli.frozen;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.rotation.RotationSchedule;
import de.lifetimecircle.secrets.operations.scan.CommitHook;
import de.lifetimecircle.secrets.operations.wiring.ExportFormat;
import de.lifetimecircle.secrets.operations.wiring.KubernetesSecret;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.operations.wiring.SecretVariable;
import de.lifetimecircle.secrets.operations.wiring.ValueExport;
import de.lifetimecircle.secrets.operations.wiring.VariableValue;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that depend neither on the backend nor on a language. */
class FrozenFormatsTest {
  private static final String UNTIDY =
      """
      # The head.
      secrets:   # all of them
          B: {description: "the second",   readers: [ci,service], generator: hex 16}
          A:
              rotation: {grace: 24 hours, every: 3 months}
              generator: "hex 32"
              description: the first # why

          URL: {template: "https://{A}/{B}", description: a url}
      environments: {prod: {prefix: prod/}, test: {prefix: "test/"}}
      owner: security
      service: ltc
      version: 1
      """;

  @TempDir(factory = FolderInMemory.class)
  Path folder;

  @Test
  void inventory() throws IOException {
    FrozenTexts texts = new FrozenTexts("inventory");
    texts.add("tidy", InventoryText.tidy(UNTIDY, "secrets.yaml"));
    texts.add("example", digest(InventoryText.example()));
    texts.add("schema", digest(InventoryText.schema()));
    Path hooks = folder.resolve("hooks");
    for (String name : ExampleHooks.write(hooks).keySet()) {
      texts.add("hooks/" + name, digest(Files.readString(hooks.resolve(name))));
    }
    texts.check();
  }

  /** Of a file that git has itself. */
  private static String digest(String text) {
    return ClaimLog.digest(text) + "\n";
  }

  @Test
  void schedules() {
    FrozenTexts texts = new FrozenTexts("schedules");
    Inventory inventory = new FrozenService(folder, "aws").site().inventory();
    for (RotationSchedule.For system : RotationSchedule.For.values()) {
      for (String file : List.of(Inventory.FILE, "services/ltc/secrets.yaml")) {
        texts.addAll(file, RotationSchedule.text(inventory, "", file, system, 3));
      }
    }
    texts.check();
  }

  @Test
  void commitHook() throws IOException, InterruptedException {
    FrozenTexts texts = new FrozenTexts("commit-hook");
    Process git = new ProcessBuilder("git", "init", "-q", folder.toString()).inheritIO().start();
    if (git.waitFor() != 0) {
      throw new AssertionError("git init failed");
    }
    List<String> line = List.of("scan", "--staged", "--environment", "prod's");
    texts.add("pre-commit", Files.readString(CommitHook.install(folder, line)));
    texts.check();
  }

  /** The values are made up, and what a format must quote. */
  @Test
  void exports() {
    FrozenTexts texts = new FrozenTexts("exports");
    FakeStore store =
        FakeStore.create()
            .holding("prod/PLAIN", "obviously-fake")
            .holding("prod/QUOTED", "fake 'single' \"double\" #no \\ back")
            .holding("prod/LINES", "fake first\nfake second\n")
            .holding("prod/SIGNS", "fake=$HOME `x` ä€");
    try (SecretProvider provider = SecretProvider.builder().store(store).build()) {
      for (ExportFormat format : ExportFormat.values()) {
        boolean oneLine = format == ExportFormat.DOCKER_ENV;
        List<SecretVariable> wires =
            store.list("prod/").stream()
                .filter(name -> !oneLine || !name.endsWith("LINES"))
                .map(name -> SecretVariable.of(ProgramWiring.variable(name), name))
                .toList();
        List<VariableValue> values = ProgramWiring.of(wires).read(provider, Map.of());
        switch (format) {
          case SYSTEMD -> {} // the values themselves, each in a file
          case KUBERNETES ->
              texts.add(
                  format.word(), new String(KubernetesSecret.text("ltc", "prod", values), UTF_8));
          default -> texts.add(format.word(), new String(ValueExport.text(format, values), UTF_8));
        }
      }
    }
    texts.check();
  }
}
