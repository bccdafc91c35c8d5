package de.lifetimecircle.secrets.aws.config;

import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The settings that every AWS program honours, from a system property, a variable of the
 * environment or a profile, in that order. Reads the profile's files once. Immutable.
 */
public final class SharedSettings {
  private final Function<String, Optional<String>> environment;
  private final String profileName;
  private final Optional<ProfileFile> files;

  private SharedSettings(
      Function<String, Optional<String>> environment,
      String profileName,
      Optional<ProfileFile> files) {
    this.environment = environment;
    this.profileName = profileName;
    this.files = files;
  }

  /**
   * A setting as it was found.
   *
   * @param value its text
   * @param from where it is set, for people
   */
  public record Found(String value, String from) {}

  public static SharedSettings of(
      Function<String, Optional<String>> environment, Optional<String> configuredProfile) {
    Profiles profiles = Profiles.of(environment);
    return new SharedSettings(
        environment, profiles.name(configuredProfile), profiles.readIfValid());
  }

  /** Without any profile; reads no file. */
  public static SharedSettings ofProcessOnly(Function<String, Optional<String>> environment) {
    return new SharedSettings(environment, "", Optional.empty());
  }

  /** The setting in a system property or else in the environment. */
  public Optional<Found> ofProcess(String property, String variable) {
    return Optional.ofNullable(System.getProperty(property))
        .map(value -> new Found(value.strip(), property))
        .or(() -> environment.apply(variable).map(value -> new Found(value.strip(), variable)))
        .filter(found -> !found.value().isEmpty());
  }

  /** The setting in the profile. */
  Optional<Found> ofProfile(String key) {
    return profile()
        .flatMap(found -> property(found, key, "profile '" + profileName + "', " + key));
  }

  /** The setting of one AWS service in the section of services that the profile names. */
  Optional<Found> ofServiceInProfile(String service, String key) {
    return profile()
        .flatMap(found -> found.property("services"))
        .flatMap(section -> ofSection(section, service + "." + key));
  }

  private Optional<Found> ofSection(String section, String key) {
    return files
        .flatMap(all -> all.getSection("services", section))
        .flatMap(found -> property(found, key, "services '" + section + "', " + key));
  }

  private Optional<Profile> profile() {
    return files.flatMap(all -> all.profile(profileName));
  }

  private static Optional<Found> property(Profile section, String key, String from) {
    return section
        .property(key)
        .map(value -> new Found(value.strip(), from))
        .filter(found -> !found.value().isEmpty());
  }
}
