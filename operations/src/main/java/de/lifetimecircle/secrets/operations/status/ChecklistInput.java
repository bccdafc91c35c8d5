package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.CheckWatch;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.check.ProseState;
import de.lifetimecircle.secrets.operations.documents.AttestationLog;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The data for all proofs, read once. Immutable.
 *
 * @param site the inventory and its location
 * @param provider the store
 * @param findings the findings of the store's check
 * @param down why the store could not be asked; empty if it could
 * @param prose whether the inventory's sentences contain a value of this environment
 * @param scheme the backend
 * @param today today in the team's time zone
 * @param texts the texts in one language
 */
record ChecklistInput(
    InventoryLocation site,
    SecretProvider provider,
    List<CheckFinding> findings,
    Optional<SecretException.Kind> down,
    ProseState prose,
    String scheme,
    LocalDate today,
    LocalizedTexts texts) {
  static ChecklistInput of(
      InventoryLocation site,
      SecretProvider provider,
      InstantSource clock,
      LocalizedTexts texts,
      CheckWatch watch) {
    InventoryCheck check =
        new InventoryCheck(site.inventory(), site.environment().name(), provider, clock)
            .watchedBy(watch);
    List<CheckFinding> findings = check.findings();
    return new ChecklistInput(
        site,
        provider,
        findings,
        check.down().or(() -> unusable(provider)),
        check.prose(),
        setting(provider, "backend").orElse(""),
        LocalDate.ofInstant(clock.instant(), site.inventory().zone()),
        texts);
  }

  /** Returns why a store that may serve single secrets does not answer for itself. */
  private static Optional<SecretException.Kind> unusable(SecretProvider provider) {
    try {
      Object unused = provider.check();
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(e.kind());
    }
  }

  static Optional<String> setting(SecretProvider provider, String key) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals(key) && !setting.value().isEmpty())
        .map(Setting::value)
        .findFirst();
  }

  Optional<String> file(InventoryLocation.Paper paper) {
    return RepositoryFile.read(site.path(paper), "the file " + site.place(paper));
  }

  Optional<AttestationLog.Entry> said(ChecklistPoint point) {
    return AttestationLog.of(site).last(point.word());
  }

  /** Returns the failures that the check found with a name in the store, or with a file. */
  List<CheckFinding> wrong(String subject) {
    return findings.stream()
        .filter(f -> f.status() == CheckFinding.Status.FAIL && f.subject().equals(subject))
        .toList();
  }
}
