package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.wiring.GitTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the files of the checklist that the inventory and the store determine completely: example
 * hooks, policies, alerts, the runbook. It never writes to the store, and replaces a file only if
 * the last commit has it as it is, so that git can bring it back.
 *
 * <p>Blocks for the backend, git and the file system. Used by one thread. The caller closes the
 * provider.
 */
public final class ChecklistFix {
  /** The checklist names a missing fact itself; anything else is a failure. */
  private static final Set<SecretException.Kind> UNFINISHED =
      Set.of(SecretException.Kind.CONFIGURATION, SecretException.Kind.TOO_LARGE);

  private final InventoryLocation site;
  private final StoreSnapshot store;
  private final LocalDate today;
  private final Language language;
  private final List<Change> changes = new ArrayList<>();

  /** The outcome for a file. */
  public enum Outcome {
    /** There was no such file, and it was written. */
    WRITTEN,
    /** It was out of date and was replaced; git has the former text. */
    REPLACED,
    /** It is out of date and unchanged, because git does not have it as it is. */
    KEPT
  }

  /**
   * A file that was written or kept. Immutable.
   *
   * @param file its path relative to the inventory's folder
   * @param outcome the outcome
   */
  public record Change(String file, Outcome outcome) {}

  /**
   * Prepares to fix one environment.
   *
   * @param language the language of a runbook that does not exist yet
   */
  public ChecklistFix(
      InventoryLocation site, StoreSnapshot store, InstantSource clock, Language language) {
    this.site = site;
    this.store = store;
    this.today = LocalDate.ofInstant(clock.instant(), site.inventory().zone());
    this.language = language;
  }

  /**
   * Writes the files, and returns those that it has written or kept; a file that is up to date is
   * not among them. The rest of the checklist needs a person.
   *
   * @throws SecretException {@code CONFIGURATION} if a file cannot be read or written
   */
  public List<Change> run() {
    String scheme = store.scheme();
    hooks();
    if (Placeholders.in(site.inventory(), site.environment(), scheme).isEmpty()) {
      for (GeneratedFile policy : GeneratedFile.policies(site, scheme)) {
        FreshRead.unless(UNFINISHED, policy.text()).ifPresent(text -> put(policy.place(), text));
      }
      FreshRead.unless(UNFINISHED, () -> AuditCheck.files(site, scheme, today))
          .orElse(List.of())
          .forEach(alert -> put(alert.place(), alert.text().get()));
    }
    runbook();
    return List.copyOf(changes);
  }

  /** Writes the example hooks that the inventory names and that do not exist. */
  private void hooks() {
    boolean missing =
        site.secrets().stream()
            .flatMap(secret -> secret.hooks().values().stream())
            .map(line -> line.get(0))
            .filter(ExampleHooks::isOne)
            .anyMatch(name -> !Files.exists(site.folder().resolve(name)));
    if (missing) {
      ExampleHooks.write(site.folder().resolve(ExampleHooks.FOLDER))
          .forEach(
              (name, outcome) -> {
                if (outcome == ExampleHooks.Outcome.CREATED) {
                  changes.add(new Change(ExampleHooks.FOLDER + "/" + name, Outcome.WRITTEN));
                }
              });
    }
  }

  private void put(String place, String text) {
    Path file = site.folder().resolve(place);
    Optional<String> kept = RepositoryFile.read(file, "the file");
    if (kept.filter(text::equals).isPresent()) {
      return;
    }
    Outcome outcome = outcome(file, kept.isPresent());
    if (outcome != Outcome.KEPT) {
      RepositoryFile.write(file, text, "the file");
    }
    changes.add(new Change(place, outcome));
  }

  private static Outcome outcome(Path file, boolean exists) {
    if (!exists) {
      return Outcome.WRITTEN;
    }
    return GitTree.isCommitted(file) ? Outcome.REPLACED : Outcome.KEPT;
  }

  /** Writes the runbook, unless the store lacks or hides a secret. */
  private void runbook() {
    Path file = site.path(InventoryLocation.ProjectFile.RUNBOOK);
    try {
      if (store.incomplete() || !store.missing().isEmpty()) {
        return;
      }
    } catch (SecretException e) {
      return; // the checklist says that the store cannot be asked
    }
    Optional<String> before = RepositoryFile.read(file, "the runbook");
    Optional<Language> own = Runbook.language(file);
    if (before.isPresent()
        && (own.isEmpty() || before.get().startsWith(Runbook.text(site, store, own.get())))) {
      return; // the team's own text, which stays, or an up-to-date runbook
    }
    Outcome outcome = outcome(file, before.isPresent());
    if (outcome != Outcome.KEPT) {
      Runbook.write(file, site, store, own.orElse(language));
    }
    changes.add(new Change(site.place(InventoryLocation.ProjectFile.RUNBOOK), outcome));
  }
}
