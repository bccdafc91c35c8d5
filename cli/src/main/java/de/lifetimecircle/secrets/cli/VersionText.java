package de.lifetimecircle.secrets.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Reads the version of this program from the manifest of its jar. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"secrets " + current() + " (Java " + Runtime.version() + ")"};
  }

  static String current() {
    @Nullable String version = VersionText.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
