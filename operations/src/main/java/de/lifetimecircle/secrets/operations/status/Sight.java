package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.Check;
import de.lifetimecircle.secrets.operations.Finding;
import de.lifetimecircle.secrets.operations.handover.Records;
import de.lifetimecircle.secrets.operations.handover.Site;
import de.lifetimecircle.secrets.operations.handover.Texts;
import de.lifetimecircle.secrets.operations.handover.WholeFile;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What the proofs look at, read once. Immutable.
 *
 * @param site the inventory where it lies
 * @param provider the store
 * @param findings what the check of the store found
 * @param scheme the backend
 * @param today the day, where the team is
 * @param texts the language
 */
record Sight(
    Site site,
    SecretProvider provider,
    List<Finding> findings,
    String scheme,
    LocalDate today,
    Texts texts) {
  static Sight of(Site site, SecretProvider provider, InstantSource clock, Texts texts) {
    return new Sight(
        site,
        provider,
        new Check(site.inventory(), site.environment().name(), provider, clock).findings(),
        setting(provider, "backend").orElse(""),
        LocalDate.ofInstant(clock.instant(), site.inventory().zone()),
        texts);
  }

  static Optional<String> setting(SecretProvider provider, String key) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals(key) && !setting.value().isEmpty())
        .map(Setting::value)
        .findFirst();
  }

  Optional<String> file(Site.Paper paper) {
    return WholeFile.read(site.path(paper), "the file " + site.place(paper));
  }

  Optional<Records.Entry> said(Point point) {
    return Records.of(site).last(point.word());
  }

  /** What is wrong with a name in the store, in words of the check. */
  List<String> wrong(String stored) {
    return findings.stream()
        .filter(f -> f.status() == Finding.Status.FAIL && f.name().equals(stored))
        .map(f -> f.name() + ": " + f.detail())
        .toList();
  }
}
