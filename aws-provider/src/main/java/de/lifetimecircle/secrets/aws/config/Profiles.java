package de.lifetimecircle.secrets.aws.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The AWS configuration files of the user, found as the AWS tools find them, but through the
 * environment that the store was given. Immutable; reads the files at each call.
 */
public final class Profiles {
  /** The settings of the store hold, not what a profile says about retries or endpoints. */
  public static final ProfileFile NONE =
      ProfileFile.builder()
          .content(java.io.InputStream.nullInputStream())
          .type(ProfileFile.Type.CONFIGURATION)
          .build();

  private final Function<String, Optional<String>> environment;

  private Profiles(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  /** Empty variables are not set, as the AWS tools have it. */
  public static Profiles of(Function<String, Optional<String>> environment) {
    return new Profiles(name -> environment.apply(name).filter(value -> !value.isBlank()));
  }

  /** The files as one; empty if there is none, or if they cannot be read. */
  public ProfileFile read() {
    ProfileFile.Aggregator files = ProfileFile.aggregator();
    add(files, "AWS_SHARED_CREDENTIALS_FILE", "credentials", ProfileFile.Type.CREDENTIALS);
    add(files, "AWS_CONFIG_FILE", "config", ProfileFile.Type.CONFIGURATION);
    return files.build();
  }

  /** The name of the profile to use. */
  public String name(Optional<String> configured) {
    return configured.or(() -> environment.apply("AWS_PROFILE")).orElse("default");
  }

  /** Whether somebody chose a profile, rather than having none or the default one. */
  public boolean isChosen(Optional<String> configured) {
    return configured.or(() -> environment.apply("AWS_PROFILE")).isPresent();
  }

  /** The region of the profile. */
  public Optional<String> region(Optional<String> configured) {
    return readIfValid()
        .flatMap(files -> files.profile(name(configured)))
        .flatMap(Profiles::regionOf);
  }

  /** The files as one; empty if they cannot be parsed. */
  public Optional<ProfileFile> readIfValid() {
    try {
      return Optional.of(read());
    } catch (RuntimeException e) {
      // A file that nobody can parse says nothing; its text may hold keys and goes nowhere.
      return Optional.empty();
    }
  }

  private static Optional<String> regionOf(Profile profile) {
    return profile.property("region");
  }

  private void add(
      ProfileFile.Aggregator files, String variable, String name, ProfileFile.Type type) {
    Optional<Path> file = environment.apply(variable).or(() -> home(name)).flatMap(this::readable);
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
