package de.lifetimecircle.secrets.operations.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A format of logs that an audit can read. */
public enum LogFormat {
  /** The audit log of this library, {@code audit.log}. */
  OWN,
  /** An audit device of OpenBao or Vault. */
  OPENBAO,
  /** AWS CloudTrail. */
  CLOUDTRAIL,
  /** The audit events of Azure Key Vault. */
  AZURE;

  LogReader form() {
    return switch (this) {
      case OWN -> new LibraryLogReader();
      case OPENBAO -> new OpenBaoLogReader();
      case CLOUDTRAIL -> new CloudTrailReader();
      case AZURE -> new AzureLogReader();
    };
  }

  /** Returns the word for the format on a command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the format of a word; empty if there is none. */
  public static Optional<LogFormat> of(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  /** Returns a reader for each format, in the order in which a record is tried. */
  public static List<LogFormat> all() {
    return List.of(values());
  }
}
