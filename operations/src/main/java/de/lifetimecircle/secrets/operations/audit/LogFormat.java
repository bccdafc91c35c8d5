package de.lifetimecircle.secrets.operations.audit;

import java.util.List;

/** A format of logs that an audit can read. */
public enum LogFormat {
  /** Each record is read as the first format that fits. */
  AUTO,
  /** The audit log of this library, {@code audit.log}. */
  OWN,
  /** An audit device of OpenBao or Vault. */
  OPENBAO,
  /** AWS CloudTrail. */
  CLOUDTRAIL,
  /** The audit events of Azure Key Vault. */
  AZURE;

  /** Returns new readers, in the order in which a record is tried. */
  List<LogReader> readers() {
    return switch (this) {
      case AUTO ->
          List.of(
              new LibraryLogReader(),
              new OpenBaoLogReader(),
              new CloudTrailReader(),
              new AzureLogReader());
      case OWN -> List.of(new LibraryLogReader());
      case OPENBAO -> List.of(new OpenBaoLogReader());
      case CLOUDTRAIL -> List.of(new CloudTrailReader());
      case AZURE -> List.of(new AzureLogReader());
    };
  }
}
