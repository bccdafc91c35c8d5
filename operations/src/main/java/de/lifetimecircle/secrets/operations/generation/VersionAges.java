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
   * The id of a current version and the day it was made, as far as the backend reports them.
   *
   * @param version the id; empty if it is unknown
   * @param made the day the version was made, if the backend reports it
   * @param reason why the version is unknown; empty otherwise
   */
  public record Age(String version, Optional<LocalDate> made, String reason) {
    /** Returns {@code version ID, made DAY}. */
    public String text() {
      return "version " + idAndDay();
    }

    /** Returns {@code ID, made DAY}, or says why the version is unknown. */
    public String idAndDay() {
      return version.isEmpty()
          ? "unknown (" + reason + ")"
          : version + made.map(day -> ", made " + day).orElse(", made at no known time");
    }
  }

  /**
   * Reads ages from a store.
   *
   * @param zone the time zone that decides on which day a version was made
   */
  public VersionAges(SecretProvider provider, ZoneId zone) {
    this.provider = provider;
    this.zone = zone;
  }

  /** Returns the age of a secret's current version; blocks for the backend, never throws. */
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

  /** A backend that does not know the time reports the epoch. */
  private Optional<LocalDate> day(Instant created) {
    return created.equals(Instant.EPOCH)
        ? Optional.empty()
        : Optional.of(LocalDate.ofInstant(created, zone));
  }
}
