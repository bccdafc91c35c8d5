package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.CheckWatch;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.check.LeakedValues;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.rotation.OpenRotations;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The data for all proofs, read once. Immutable.
 *
 * @param site the inventory and its location
 * @param store the look at its store
 * @param findings the findings of the store's check
 * @param down why the store could not be asked; empty if it could
 * @param prose whether the inventory's sentences contain a value of this environment
 * @param today today in the team's time zone
 * @param texts the texts in one language
 */
record ChecklistContext(
    InventoryLocation site,
    StoreSnapshot store,
    List<CheckFinding> findings,
    Optional<SecretException.Kind> down,
    LeakedValues prose,
    LocalDate today,
    LocalizedTexts texts) {
  static ChecklistContext of(
      InventoryLocation site,
      StoreSnapshot store,
      InstantSource clock,
      LocalizedTexts texts,
      CheckWatch watch) {
    InventoryCheck check =
        new InventoryCheck(store, clock).watchedBy(watch).rotatedIn(OpenRotations.of(site));
    List<CheckFinding> findings = check.findings();
    return new ChecklistContext(
        site,
        store,
        findings,
        check.down().or(() -> unusable(store)),
        check.prose(),
        LocalDate.ofInstant(clock.instant(), site.inventory().zone()),
        texts);
  }

  /** Returns why a store that may serve single secrets does not answer for itself. */
  private static Optional<SecretException.Kind> unusable(StoreSnapshot store) {
    try {
      Object unused = store.check();
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(e.kind());
    }
  }

  /** Returns the settings of a service; of a store that is down, those that the inventory has. */
  ServiceSettings service() {
    return down.isEmpty() ? store.service() : ServiceSettings.of(site.environment(), scheme());
  }

  /** Returns the backend. */
  String scheme() {
    return store.scheme();
  }

  Optional<String> file(InventoryLocation.ProjectFile kind) {
    return RepositoryFile.read(site.path(kind), "the file " + site.place(kind));
  }

  LocalDate day(ClaimLog.Entry entry) {
    return LocalDate.ofInstant(entry.at(), site.inventory().zone());
  }

  Optional<ClaimLog.Entry> said(ChecklistPoint point) {
    return ClaimLog.of(site).last(point.word());
  }

  /** Returns the failures that the check found with a name in the store, or with a file. */
  List<CheckFinding> wrong(String subject) {
    return findings.stream()
        .filter(f -> f.status() == CheckFinding.Status.FAIL && f.subject().equals(subject))
        .toList();
  }
}
