package de.lifetimecircle.secrets.aws.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The settings that every AWS program honours, from a system property, a variable of the
 * environment or a profile, in that order. The files of the profiles are found as the AWS tools
 * find them, but through the environment that the store was given. Immutable; reads the files at
 * each call.
 */
public final class Profiles {
  /** The settings of the store hold, not what a profile says about retries or endpoints. */
  public static final ProfileFile NONE =
      ProfileFile.builder()
          .content(java.io.InputStream.nullInputStream())
          .type(ProfileFile.Type.CONFIGURATION)
          .build();

  private final Function<String, Optional<String>> environment;
  private final Optional<String> chosen;
  private final Supplier<Optional<ProfileFile>> files;

  /**
   * A setting as it was found.
   *
   * @param value its text
   * @param from where it is set, for people
   */
  public record Found(String value, String from) {}

  /**
   * Makes a reader.
   *
   * @param environment empty variables are not set, as the AWS tools have it
   * @param configured the profile that the settings of the store name
   */
  public Profiles(Function<String, Optional<String>> environment, Optional<String> configured) {
    this.environment = name -> environment.apply(name).filter(value -> !value.isBlank());
    this.files = this::load;
    this.chosen = configured.or(() -> ofProcess("aws.profile", "AWS_PROFILE").map(Found::value));
  }

  private Profiles(Profiles same, Optional<ProfileFile> files) {
    this.environment = same.environment;
    this.chosen = same.chosen;
    this.files = () -> files;
  }

  /** Returns the same with the files as they are now, so that many settings cost one look. */
  Profiles asRead() {
    return new Profiles(this, read());
  }

  /** The name of the profile to use. */
  public String name() {
    return chosen.orElse("default");
  }

  /** Whether the user chose a profile, rather than having none or the default one. */
  public boolean isChosen() {
    return chosen.isPresent();
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
    return profile().flatMap(found -> property(found, key, "profile '" + name() + "', " + key));
  }

  /** The setting of one AWS service in the section of services that the profile names. */
  Optional<Found> ofServiceInProfile(String service, String key) {
    return profile()
        .flatMap(found -> found.property("services"))
        .flatMap(section -> ofSection(section, service + "." + key));
  }

  private Optional<Found> ofSection(String section, String key) {
    return read()
        .flatMap(all -> all.getSection("services", section))
        .flatMap(found -> property(found, key, "services '" + section + "', " + key));
  }

  private Optional<Profile> profile() {
    return read().flatMap(all -> all.profile(name()));
  }

  private static Optional<Found> property(Profile section, String key, String from) {
    return section
        .property(key)
        .map(value -> new Found(value.strip(), from))
        .filter(found -> !found.value().isEmpty());
  }

  /** The files as one; empty if they cannot be parsed. */
  public Optional<ProfileFile> read() {
    return files.get();
  }

  private Optional<ProfileFile> load() {
    ProfileFile.Aggregator files = ProfileFile.aggregator();
    try {
      add(
          files,
          ofProcess("aws.sharedCredentialsFile", "AWS_SHARED_CREDENTIALS_FILE"),
          "credentials",
          ProfileFile.Type.CREDENTIALS);
      add(
          files,
          ofProcess("aws.configFile", "AWS_CONFIG_FILE"),
          "config",
          ProfileFile.Type.CONFIGURATION);
      return Optional.of(files.build());
    } catch (RuntimeException e) {
      // A file that cannot be parsed says nothing; its text may hold keys and goes nowhere.
      return Optional.empty();
    }
  }

  private void add(
      ProfileFile.Aggregator files, Optional<Found> set, String name, ProfileFile.Type type) {
    Optional<String> place = set.map(Found::value).or(() -> home(name));
    Optional<Path> file = place.flatMap(this::readable);
    file.ifPresent(path -> files.addFile(ProfileFile.builder().content(path).type(type).build()));
  }

  private Optional<String> home(String name) {
    return environment
        .apply("HOME")
        .or(() -> Optional.ofNullable(System.getProperty("user.home")))
        .map(home -> home + "/.aws/" + name);
  }

  private Optional<Path> readable(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Files::isRegularFile).filter(Files::isReadable);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
