package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.aws.AwsConfig.Role;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The credentials of a profile, from files that are read anew at each question. A role that a
 * profile names is assumed through the store's own client: the SDK would make a client of its own,
 * past proxy and authorities, and the log of that one shows the temporary keys.
 *
 * <p>Safe for use by several threads. The lock guards the change to what new files say and is held
 * over no I/O.
 */
final class AwsProfileLogin implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsProfiles profiles;
  private final String name;
  private final AwsCredentialSources sources;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Held held;

  /** What files of that content give. */
  private record Held(ProfileFile files, AwsCredentialsProvider provider) {}

  AwsProfileLogin(AwsProfiles profiles, String name, AwsCredentialSources sources) {
    this.profiles = profiles;
    this.name = name;
    this.sources = sources;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return provider(profiles.read()).resolveCredentials();
  }

  private AwsCredentialsProvider provider(ProfileFile files) {
    lock.lock();
    try {
      Held now = held;
      if (now == null || !now.files().equals(files)) {
        AwsCredentialsProvider provider = of(files, name, new HashSet<>());
        close();
        now = new Held(files, provider);
        held = now;
      }
      return now.provider();
    } finally {
      lock.unlock();
    }
  }

  private AwsCredentialsProvider of(ProfileFile files, String profile, Set<String> before) {
    Optional<Profile> found = files.profile(profile);
    Optional<String> role = found.flatMap(p -> p.property(ProfileProperty.ROLE_ARN));
    if (found.isEmpty() || role.isEmpty()) {
      AwsCredentialsProvider plain =
          ProfileCredentialsProvider.builder().profileFile(files).profileName(profile).build();
      boolean program =
          found.flatMap(p -> p.property(ProfileProperty.CREDENTIAL_PROCESS)).isPresent();
      return program ? sources.handedOut(plain) : plain;
    }
    if (!before.add(profile)) {
      throw new AwsNoCredentials(); // profiles that need one another
    }
    return assumed(files, found.get(), role.get(), before);
  }

  private AwsCredentialsProvider assumed(
      ProfileFile files, Profile profile, String arn, Set<String> before) {
    Role role =
        new Role(
            arn,
            profile
                .property(ProfileProperty.ROLE_SESSION_NAME)
                .orElse(AwsCredentialSources.SESSION),
            profile.property(ProfileProperty.EXTERNAL_ID));
    Optional<String> token = profile.property(ProfileProperty.WEB_IDENTITY_TOKEN_FILE);
    if (token.isPresent()) {
      return sources.webIdentity(Path.of(token.get()), role);
    }
    Optional<String> source = profile.property(ProfileProperty.SOURCE_PROFILE);
    Optional<String> place = profile.property(ProfileProperty.CREDENTIAL_SOURCE);
    if (source.isPresent() == place.isPresent()) {
      throw new AwsNoCredentials(); // one of them is needed
    }
    return sources.assumed(
        source.isPresent() ? of(files, source.get(), before) : sources.place(place.orElseThrow()),
        role);
  }

  @Override
  public void close() {
    Held now = held;
    if (now != null && now.provider() instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
