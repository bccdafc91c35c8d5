package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.moving.ComparedSecret;
import de.lifetimecircle.secrets.operations.moving.MigrationEvent;
import de.lifetimecircle.secrets.operations.moving.MigrationPlan;
import de.lifetimecircle.secrets.operations.moving.MigrationWatch;
import de.lifetimecircle.secrets.operations.moving.StoreMigration;
import de.lifetimecircle.secrets.operations.rotation.OpenRotation;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies secrets from one store to another. */
@Command(
    name = "migrate",
    description = {
      "Copy secrets from one store to another with their versions in order, then compare. After an"
          + " interruption, run the same command again: it resumes from a journal without values.",
      "Overwrites nothing in the second store without --replace. Exits with 9 if a secret cannot"
          + " be copied, the stores differ at the end, or a secret was left as it was."
    },
    sortOptions = false)
public final class MigrateCommand extends SessionCommand implements Callable<Integer> {
  @Mixin TwoStores stores = new TwoStores();

  @Option(names = "--dry-run", description = "Only show the plan; write nothing.")
  boolean dryRun;

  @Option(
      names = "--replace",
      description = "Overwrite secrets that have another value in the second store.")
  boolean replace;

  @Option(
      names = "--rollback",
      description =
          "Undo the steps in the journal: delete new secrets so that they can be restored, and put"
              + " the values of overwritten ones back.")
  boolean rollback;

  @Option(
      names = "--rotations",
      paramLabel = "DIR",
      description =
          "The folder with the journals of rotations: a secret in rotation is not copied. Default:"
              + " secrets-rotations, if it exists.")
  @Nullable String rotations;

  @Option(names = "--force", description = RotationGuard.FORCE)
  boolean force;

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description =
          "The inventory, whose descriptions new secrets get where the second store keeps one."
              + " Default: secrets.yaml here or in a folder above.")
  void describeBy(String inventory) {
    stores.inventory.inventory = inventory;
  }

  @Option(names = "--yes", description = "Do not ask before a rollback.")
  boolean yes;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "The journal of the steps. Default: secrets-migration.journal.")
  String journal = "secrets-migration.journal";

  /** How many names were left as they are. */
  private int left;

  /** How many names a rollback has deleted. */
  private int removed;

  @Override
  public Integer call() {
    stores.requireSense(session);
    if (rollback && (dryRun || replace)) {
      throw CommandFailure.usage("Cannot use --dry-run or --replace with --rollback.");
    }
    try (SecretProvider from = stores.first(session).build();
        SecretWriter to =
            stores.second(session).descriptions(stores.inventory::description).buildWriter()) {
      stores.requireNamed(session, from, to.provider());
      return (dryRun ? rehearse(from, to) : run(from, to)).code();
    }
  }

  /** Shows the plan without writing a journal, because a rehearsal leaves nothing behind. */
  private ExitCode rehearse(SecretProvider from, SecretWriter to) {
    MigrationPlan plan =
        StoreMigration.plan(
                from,
                to,
                SystemRandom.open(),
                stores.names(from, session),
                existing(),
                rotating(),
                watch())
            .with(openRotations(), rotating());
    print(plan);
    return plan.problems().isEmpty() ? ExitCode.OK : ExitCode.FOUND;
  }

  private MigrationWatch watch() {
    Progress progress = new Progress(session, "");
    return (phase, done, total) ->
        progress.at(
            switch (phase) {
              case PLAN -> "secrets planned";
              case COPY -> "versions copied";
              case VERIFY -> "secrets compared";
            },
            done,
            total);
  }

  private List<OpenRotation> openRotations() {
    Path folder = InventoryOptions.path(rotations == null ? Rotations.FOLDER : rotations);
    if (rotations != null && !Files.isDirectory(folder)) {
      throw CommandFailure.usage("Cannot use --rotations: no such folder.");
    }
    return OpenRotation.in(folder);
  }

  private StoreMigration.Existing existing() {
    return replace ? StoreMigration.Existing.REPLACE : StoreMigration.Existing.REFUSE;
  }

  private StoreMigration.Rotating rotating() {
    return force ? StoreMigration.Rotating.COPY : StoreMigration.Rotating.REFUSE;
  }

  private ExitCode run(SecretProvider from, SecretWriter to) {
    if (StoreMigration.isOneStore(from, to.provider())) {
      throw CommandFailure.usage("Cannot migrate: A and B are the same store.");
    }
    try (StoreMigration migration =
        new StoreMigration(
            from,
            to,
            InventoryOptions.path(journal),
            SystemRandom.open(),
            session.clock,
            this::tell)) {
      migration.watchedBy(watch()).during(rotating(), openRotations());
      if (rollback) {
        return rollBack(migration);
      }
      if (migration.isRolledBack()) {
        throw CommandFailure.usage(
            "Cannot migrate: the journal is from a finished rollback. Move it away, or name another"
                + " with --journal.");
      }
      if (migration.isBegun()) {
        session.hint("Resuming the migration in the journal.");
      } else if (!begin(migration, from)) {
        return ExitCode.FOUND;
      }
      migration.copy();
      List<String> problems = anotherPass(migration, from);
      return finish(migration.verify(), problems);
    }
  }

  /** Copies what the first store got meanwhile, and returns the obstacles. */
  private List<String> anotherPass(StoreMigration migration, SecretProvider from) {
    List<String> names = new ArrayList<>(stores.names(from, session));
    List<String> problems = new ArrayList<>();
    for (OpenRotation rotation : openRotations()) {
      List<String> changed =
          rotation.report().changes().stream().map(change -> change.name()).toList();
      if (!force && names.removeAll(changed)) {
        problems.add(rotation.obstacle());
      }
    }
    MigrationPlan plan = migration.catchUp(names, existing());
    plan.notes().forEach(session::hint);
    problems.addAll(plan.problems());
    problems.forEach(problem -> session.hint("PROBLEM  " + problem));
    migration.copy();
    return problems;
  }

  private boolean begin(StoreMigration migration, SecretProvider from) {
    MigrationPlan plan =
        migration.plan(stores.names(from, session), existing()).with(openRotations(), rotating());
    if (!plan.problems().isEmpty()) {
      print(plan);
      session.hint("Nothing was written: " + Counted.of(plan.problems().size(), "problem") + ".");
      return false;
    }
    plan.notes().forEach(session::hint);
    migration.begin(plan);
    return true;
  }

  private ExitCode rollBack(StoreMigration migration) {
    if (!migration.isBegun()) {
      throw CommandFailure.usage("Cannot roll back: the journal contains no migration.");
    }
    if (!yes) {
      session.confirm("Roll back the migration of " + Counted.of(migration.size(), "secret") + "?");
    }
    migration.rollBack();
    ExitCode code = left == 0 ? ExitCode.OK : ExitCode.FOUND;
    if (session.json) {
      document(Map.of("deeds", session.output().items()), code);
    }
    if (removed > 0) {
      session.hint(
          "The second store keeps what was removed for its own time: 'secrets restore' brings it back"
              + " there, 'secrets purge' ends that.");
    }
    if (left > 0) {
      session.hint(
          Counted.of(left, "secret")
              + " not rolled back: LEFT says why. Decide for each which value the second store is"
              + " to have.");
    }
    return code;
  }

  private ExitCode finish(List<ComparedSecret> results, List<String> problems) {
    boolean same = CompareCommand.isSame(results);
    ExitCode code = same && problems.isEmpty() && left == 0 ? ExitCode.OK : ExitCode.FOUND;
    if (session.json) {
      Map<String, Object> document =
          Output.object(
              "deeds", session.output().items(),
              "secrets", results.stream().map(Output::object).toList(),
              "problems", problems);
      document(document, code);
    } else {
      CompareCommand.print(session, results, code);
    }
    if (!problems.isEmpty()) {
      session.hint(
          Counted.of(problems.size(), "problem")
              + " left. Solve what each PROBLEM names, then run the same command again.");
    }
    if (!same) {
      session.hint(
          "The stores differ: a writer is still changing one of them. Stop the writers of the first"
              + " store, then run the same command again: it copies what is new. Use --rollback"
              + " only while no service reads from the second store, because it deletes what was"
              + " copied.");
    }
    return code;
  }

  private void document(Map<String, Object> document, ExitCode code) {
    session.output().document(code.code(), document);
  }

  private void tell(MigrationEvent moved) {
    if (moved.type() == MigrationEvent.Type.LEFT) {
      left++;
    } else if (moved.type() == MigrationEvent.Type.REMOVED) {
      removed++;
    }
    String word = EnumText.of(moved.type());
    String detail = moved.detail().isEmpty() ? "" : ": " + moved.detail();
    session
        .output()
        .item(
            Output.padded(word.toUpperCase(Locale.ROOT), 9) + moved.name() + detail,
            Output.object("name", moved.name(), "deed", word, "detail", moved.detail()));
  }

  private void print(MigrationPlan plan) {
    if (session.json) {
      Map<String, Object> document =
          Output.object(
              "copy", plan.items().stream().map(MigrationPlan.Item::name).toList(),
              "unchanged", plan.unchanged(),
              "problems", plan.problems(),
              "notes", plan.notes());
      document(document, plan.problems().isEmpty() ? ExitCode.OK : ExitCode.FOUND);
      return;
    }
    for (MigrationPlan.Item item : plan.items()) {
      String replaced = item.replaced().map(id -> ", replaces " + id).orElse("");
      session
          .output()
          .line(
              "COPY     "
                  + item.name()
                  + ": versions "
                  + String.join(", ", item.versions())
                  + replaced);
    }
    plan.unchanged().forEach(name -> session.output().line("SAME     " + name));
    plan.notes().forEach(note -> session.output().line("NOTE     " + note));
    plan.problems().forEach(problem -> session.output().line("PROBLEM  " + problem));
  }
}
