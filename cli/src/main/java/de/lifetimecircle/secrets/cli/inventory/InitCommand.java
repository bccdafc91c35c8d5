package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.TrustedPath;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates the store, or an inventory to begin with. */
@Command(
    name = "init",
    description = {
      "Create the store if there is none, and show where it and its key are.",
      "Running it again changes nothing."
    })
public final class InitCommand extends SessionCommand implements Runnable {
  private static final List<String> NEXT =
      List.of(
          "secrets generate LTC_SECRET_KEY --type hex --bytes 32",
          "secrets get LTC_SECRET_KEY --show",
          "secrets exec --secret LTC_SECRET_KEY -- PROGRAM");

  @Option(
      names = "--write-config",
      paramLabel = "FILE",
      description = "Write the current settings to this new file, for SECRETS_CONFIG.")
  @Nullable String writeConfig;

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = Inventory.FILE,
      description =
          "Write a sample inventory instead (default: secrets.yaml), with its hooks in the folder"
              + " hooks beside it; does not contact a backend.")
  @Nullable String inventory;

  @Option(
      names = "--hooks",
      paramLabel = "DIR",
      arity = "0..1",
      fallbackValue = ExampleHooks.FOLDER,
      description = "Write only the hooks of the sample inventory to this folder (default: hooks).")
  @Nullable String hooks;

  @Override
  public void run() {
    if (hooks != null && (inventory != null || writeConfig != null)) {
      throw CommandFailure.usage(
          "Cannot use --hooks with another option: --inventory writes the hooks as well.");
    }
    if (hooks != null) {
      writeHooks(InventoryOptions.path(hooks), hooks);
      session.output().items(ExitCode.OK.code());
      return;
    }
    if (inventory != null) {
      beginInventory(inventory);
      return;
    }
    try (SecretWriter writer = session.openWriter()) {
      makeStore(writer);
      Map<String, String> facts = new LinkedHashMap<>(writer.provider().check());
      if (writeConfig != null) {
        write(writeConfig, writer.provider().settings());
        facts.put("configuration", writeConfig);
      }
      if (session.json) {
        Map<String, Object> document = new LinkedHashMap<>(Output.members(facts));
        document.put("next", NEXT);
        session.output().document(document);
        return;
      }
      session.output().facts(facts);
      session.output().line("");
      session.output().line("Next:");
      NEXT.forEach(command -> session.output().line("  " + command));
    }
  }

  private void beginInventory(String file) {
    if (writeConfig != null) {
      throw CommandFailure.usage("Cannot use --inventory and --write-config together: give one.");
    }
    Path path = InventoryOptions.path(file);
    InventoryText.begin(path);
    Map<String, Object> document = Output.object("file", file, "outcome", "created");
    if (!session.json) {
      session.output().line("Created " + file + "; adapt it to your service");
    }
    writeHooks(path.resolveSibling(ExampleHooks.FOLDER), ExampleHooks.FOLDER);
    document.put("hooks", session.output().items());
    if (session.json) {
      session.output().document(document);
    } else {
      String status =
          file.equals(Inventory.FILE) ? "status" : "status --inventory " + ShellWord.of(file);
      session
          .output()
          .line(
              "Next: change "
                  + file
                  + ", then '"
                  + session.command(status)
                  + "' shows what is missing and how");
    }
  }

  private void writeHooks(Path folder, String shown) {
    ExampleHooks.write(folder)
        .forEach(
            (hook, outcome) -> {
              String file = shown + "/" + hook;
              boolean created = outcome == ExampleHooks.Outcome.CREATED;
              session
                  .output()
                  .item(
                      created ? "Created " + file : "Exists " + file + "; left unchanged",
                      Output.object("file", file, "outcome", created ? "created" : "exists"));
            });
  }

  /**
   * Tries a write that the store must reject. A store that is created by its first write exists
   * afterwards, but empty. A missing right is also reported now, and not at the first real write.
   */
  static void makeStore(SecretWriter writer) {
    // By the store itself: making a key is no call with a deadline, and a loaded machine
    // takes long.
    Optional<WritableStore> store = writer.unwrap(WritableStore.class);
    if (store.isEmpty()) {
      return;
    }
    try (SecretValue value = SecretValue.of("nothing")) {
      String name = StoreSettings.value(writer.provider(), "prefix") + "secrets-init-probe";
      var unused = store.get().put(PutRequest.ifVersion(name, "absent-version", value));
    } catch (SecretException e) {
      switch (e.kind()) {
        case CONFLICT, NOT_FOUND, VERSION_NOT_FOUND, UNSUPPORTED, PENDING_DELETION -> {
          return;
        }
        default -> throw e;
      }
    }
  }

  private static void write(String file, List<Setting> settings) {
    StringBuilder text =
        new StringBuilder(
            "# Settings of the secrets library. No value of a secret belongs here.\n");
    for (Setting setting : settings) {
      String line = setting.key() + "=" + setting.value().replace("\\", "\\\\") + "\n";
      // A default may change with a release, and "redacted" is not a value.
      boolean set = !setting.source().equals("default") && !setting.value().equals("redacted");
      text.append(set ? "" : "# ").append(line);
    }
    Path path = InventoryOptions.path(file);
    try {
      TrustedPath.requireNoForeignLink(path);
      Files.writeString(
          path,
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      throw CommandFailure.invalid("Cannot write the file of --write-config: it already exists.");
    } catch (IOException e) {
      throw CommandFailure.io("write the file of --write-config", e);
    }
  }
}
