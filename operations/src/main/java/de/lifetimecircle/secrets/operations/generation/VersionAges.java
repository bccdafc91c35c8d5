package de.lifetimecircle.secrets.operations.generation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** Asks a store how old its current versions are. Blocks for the backend; keeps no state. */
public final class VersionAges {
  private final SecretProvider provider;
  private final ZoneId zone;

  /**
   * What is known of a current version.
   *
   * @param version its id; empty where it is not known
   * @param made the day it was made, where the backend tells
   * @param reason why something is not known; empty otherwise
   */
  public record Age(String version, Optional<LocalDate> made, String reason) {
    public String text() {
      return "version " + idAndDay();
    }

    public String idAndDay() {
      return version.isEmpty()
          ? "unknown (" + reason + ")"
          : version + made.map(day -> ", made " + day).orElse(", made at no known time");
    }
  }

  public VersionAges(SecretProvider provider, ZoneId zone) {
    this.provider = provider;
    this.zone = zone;
  }

  public Age of(String name) {
    try {
      for (SecretVersion version : provider.versions(name)) {
        if (version.stages().contains(Stage.CURRENT)) {
          return new Age(version.id(), day(version.created()), "");
        }
      }
      return new Age("", Optional.empty(), "no version is current");
    } catch (SecretException e) {
      return new Age("", Optional.empty(), EnumText.of(e.kind()));
    }
  }

  /** A backend that does not know says the epoch. */
  private Optional<LocalDate> day(Instant created) {
    return created.equals(Instant.EPOCH)
        ? Optional.empty()
        : Optional.of(LocalDate.ofInstant(created, zone));
  }
}
