package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.inventory.NewNames;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.importing.ImportFormat;
import de.lifetimecircle.secrets.operations.importing.ImportedValue;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores the values of a file of another program. */
@Command(
    name = "import",
    description = {
      "Store the values of a file: .env, JSON, YAML, or the CSV export of 1Password, LastPass,"
          + " Dashlane or Bitwarden (JSON too).",
      "Checks every value against the inventory before it stores the first. Leaves existing secrets"
          + " alone unless you add --replace. Exits with 7 if it left one out."
    },
    sortOptions = false)
public final class ImportCommand extends SessionCommand implements Callable<Integer> {
  private enum Outcome {
    CREATED,
    REPLACED,
    UNCHANGED,
    EXISTS
  }

  private record Planned(String stored, Optional<SecretInEnvironment> known, ImportedValue from) {}

  @Parameters(paramLabel = "FILE", description = "The file, or '-' for standard input.")
  String file = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "dotenv, json, yaml or csv. Default: what the name of the file says.")
  @Nullable ImportFormat format;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Put this before each name that the inventory does not know.")
  String prefix = "";

  @Option(names = "--dry-run", description = "Show what would be stored, and store nothing.")
  boolean dryRun;

  @Option(names = "--replace", description = "Replace the value of a secret that exists.")
  boolean replace;

  @Option(
      names = "--plain",
      description =
          "Store without the rules of the inventory, even if it knows the secret or a similar"
              + " name.")
  boolean plain;

  @Mixin InventoryOptions inventory = new InventoryOptions();
  @Mixin RotationGuard guard = new RotationGuard();

  @Override
  public Integer call() {
    ImportFormat form = format == null ? ImportFormat.of(file) : format;
    List<ImportedValue> values = form.read(text());
    if (values.isEmpty()) {
      throw CommandFailure.invalid("Cannot import the file: it has no value to store.");
    }
    int code = ExitCode.OK.code();
    try (SecretWriter writer = session.openWriter(inventory::description)) {
      List<Planned> plan = plan(values, writer);
      if (replace) {
        List<String> names = plan.stream().map(Planned::stored).toList();
        guard.require("store secret", session, inventory, writer, names);
      }
      Map<String, List<String>> replaced = new LinkedHashMap<>();
      try {
        for (Planned each : plan) {
          Outcome outcome = one(writer, each);
          if (outcome == Outcome.REPLACED && !dryRun) {
            each.known()
                .ifPresent(
                    known ->
                        replaced
                            .computeIfAbsent(known.environment().name(), key -> new ArrayList<>())
                            .add(known.name()));
          }
          code = outcome == Outcome.EXISTS ? ExitCode.CONFLICT.code() : code;
          session.output().item(line(each, outcome), document(each, outcome));
        }
        session.output().items(code);
      } finally { // those that were replaced, even if a later one failed
        replaced.forEach(
            (environment, names) ->
                OutdatedTemplates.hint(session, rules(environment, writer), names));
      }
    }
    if (!file.equals("-") && !dryRun && code == ExitCode.OK.code()) { // else it has the only copy
      session.hint("the file still holds the values in the clear: shred -u " + ShellWord.of(file));
    }
    return code;
  }

  private String text() {
    byte[] bytes =
        file.equals("-")
            ? ValueInput.fromInput(session)
            : ValueInput.fromFile(file, "the file to import");
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw CommandFailure.invalid("Cannot import the file: it is not UTF-8 text.");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Finds the names and checks all values, so that the whole file is stored or nothing of it. */
  private List<Planned> plan(List<ImportedValue> values, SecretWriter writer) {
    List<Planned> plan = new ArrayList<>();
    Map<String, String> places = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (ImportedValue value : values) {
      try {
        ResolvedName meant = inventory.resolve(session, value.name());
        Optional<SecretInEnvironment> known = meant.known();
        String stored =
            known.isPresent()
                ? meant.stored()
                : inventory.resolve(session, prefix + value.name()).stored();
        if (value.value().isEmpty()) {
          problems.add(value.place() + ": '" + stored + "' has no value");
        } else if (known.isPresent() && !plain) {
          check(known.get(), value, writer);
        }
        String before = places.putIfAbsent(stored, value.place());
        if (before != null) { // by both of its names
          problems.add("'" + stored + "' is in " + before + " and in " + value.place());
        }
        plan.add(new Planned(stored, known, value));
      } catch (SecretException e) {
        problems.add(value.place() + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "import the file")
          .reason(problems.size() + " of its values cannot be stored; nothing was stored")
          .advice("Correct or remove them in the file")
          .problems(problems)
          .build();
    }
    if (!plain && !dryRun) {
      NewNames.confirm(
          session,
          inventory,
          plan.stream().filter(each -> each.known().isEmpty()).map(Planned::stored).toList());
    }
    return plan;
  }

  private void check(SecretInEnvironment known, ImportedValue from, SecretWriter writer) {
    try (SecretValue value = SecretValue.of(from.value())) {
      rules(known.environment().name(), writer).requireSuppliable(known.name(), value);
    }
  }

  private SecretGeneration rules(String environment, SecretWriter writer) {
    return new SecretGeneration(inventory.read(), environment, writer, SystemRandom.open());
  }

  private Outcome one(SecretWriter writer, Planned each) {
    ConditionalWrite there = ConditionalWrite.read(writer, each.stored());
    try (SecretValue value = SecretValue.of(each.from().value())) {
      Optional<Secret> held = there.secret();
      if (held.isPresent()) {
        if (held.get().value().equals(value)) {
          return Outcome.UNCHANGED;
        }
        if (!replace) {
          return Outcome.EXISTS;
        }
      }
      if (!dryRun) {
        PutResult unused = there.write(value);
      }
      return held.isPresent() ? Outcome.REPLACED : Outcome.CREATED;
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.CONFLICT && there.secret().isEmpty() && !replace) {
        return Outcome.EXISTS; // another writer has just created it
      }
      throw e;
    }
  }

  private String line(Planned each, Outcome outcome) {
    String would = dryRun ? "Would have " : "";
    String done =
        switch (outcome) {
          case CREATED -> dryRun ? would + "created" : "Created";
          case REPLACED -> dryRun ? would + "replaced" : "Replaced";
          case UNCHANGED -> "Unchanged:";
          case EXISTS -> "Left alone, because it exists (--replace replaces it):";
        };
    String rules = each.known().isPresent() ? "" : ", not in the inventory";
    return Output.padded(done, 10)
        + " '"
        + each.stored()
        + "' (from "
        + each.from().place()
        + (inventory.inReach() ? rules : "")
        + ")";
  }

  private static Map<String, Object> document(Planned each, Outcome outcome) {
    return Output.object("name", each.stored(), "outcome", outcome, "from", each.from().place());
  }
}
