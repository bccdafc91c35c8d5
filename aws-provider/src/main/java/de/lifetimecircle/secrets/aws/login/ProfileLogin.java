package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.aws.config.Profiles;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.login.CredentialSource.Presence;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The credentials of a profile, from files that are read again at each question. A role that a
 * profile names is assumed through the store's own client: the SDK would create its own client,
 * which ignores our proxy and CA settings and logs the temporary keys.
 *
 * <p>Safe for use by several threads. The lock guards the change to the content of new files and is
 * never held during I/O.
 */
final class ProfileLogin implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final Set<String> LOGIN_KEYS =
      Set.of(
          ProfileProperty.AWS_ACCESS_KEY_ID,
          ProfileProperty.AWS_SECRET_ACCESS_KEY,
          ProfileProperty.ROLE_ARN,
          ProfileProperty.WEB_IDENTITY_TOKEN_FILE,
          ProfileProperty.CREDENTIAL_PROCESS,
          ProfileProperty.CREDENTIAL_SOURCE,
          ProfileProperty.SOURCE_PROFILE,
          ProfileProperty.LOGIN_SESSION);

  private final Profiles profiles;
  private final CredentialSources sources;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Held held;

  /** The provider that files with that content yield. */
  private record Held(ProfileFile files, AwsCredentialsProvider provider) {}

  ProfileLogin(Profiles profiles, CredentialSources sources) {
    this.profiles = profiles;
    this.sources = sources;
  }

  /** The name of the profile. */
  String name() {
    return profiles.name();
  }

  /**
   * A profile without any key that concerns a login, such as one with only a region, counts as
   * absent.
   */
  Presence presence() {
    Optional<ProfileFile> files = profiles.read();
    Optional<Profile> found = files.flatMap(all -> all.profile(name()));
    boolean missing = files.isPresent() && found.isEmpty() && profiles.isChosen();
    boolean logsIn =
        found
            .filter(
                profile ->
                    profile.properties().keySet().stream().anyMatch(ProfileLogin::isOfALogin))
            .isPresent();
    return files.isEmpty() || missing || logsIn ? Presence.CONFIGURED : Presence.ABSENT;
  }

  private static boolean isOfALogin(String key) {
    return LOGIN_KEYS.contains(key) || key.startsWith("sso_");
  }

  @Override
  public AwsCredentials resolveCredentials() {
    ProfileFile files =
        profiles
            .read()
            .orElseThrow(
                () ->
                    LoginFailure.unauthenticated(
                        "the AWS configuration files cannot be parsed",
                        "Check them with: aws configure list-profiles"));
    return provider(files).resolveCredentials();
  }

  private AwsCredentialsProvider provider(ProfileFile files) {
    lock.lock();
    try {
      Held now = held;
      if (now == null || !now.files().equals(files)) {
        AwsCredentialsProvider provider = of(files, name(), new HashSet<>());
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
    if (found.isEmpty()) {
      throw wrong("there is no profile '" + profile + "'");
    }
    Optional<String> role = found.flatMap(p -> p.property(ProfileProperty.ROLE_ARN));
    Optional<AwsCredentials> keys = CredentialSources.keys(found.get());
    if (!before.isEmpty() && role.isPresent() && keys.isPresent()) {
      // A source with keys serves them, whatever role it has, as with boto3 and the AWS CLI: so a
      // profile can be the source of its own role.
      return StaticCredentialsProvider.create(keys.get());
    }
    if (role.isEmpty()) {
      AwsCredentialsProvider plain =
          ProfileCredentialsProvider.builder().profileFile(files).profileName(profile).build();
      return ProfileRequirements.of(found.get(), plain, sources::handedOut);
    }
    if (!before.add(profile)) {
      throw wrong("the profiles lead back to '" + profile + "'");
    }
    return assumed(files, found.get(), role.get(), before);
  }

  private AwsCredentialsProvider assumed(
      ProfileFile files, Profile profile, String arn, Set<String> before) {
    Role role =
        new Role(
            arn,
            profile.property(ProfileProperty.ROLE_SESSION_NAME).orElse(Role.SESSION),
            profile.property(ProfileProperty.EXTERNAL_ID));
    Optional<String> token = profile.property(ProfileProperty.WEB_IDENTITY_TOKEN_FILE);
    if (token.isPresent()) {
      return sources.webIdentity(token.get(), role);
    }
    Optional<String> source = profile.property(ProfileProperty.SOURCE_PROFILE);
    Optional<String> place = profile.property(ProfileProperty.CREDENTIAL_SOURCE);
    if (source.isPresent() == place.isPresent()) {
      throw wrong(
          "the profile '"
              + profile.name()
              + "' has a role_arn and not exactly one of source_profile and credential_source");
    }
    return ProfileRequirements.ofRole(
        profile,
        sources.assumed(
            source.isPresent()
                ? of(files, source.get(), before)
                : sources.place(place.orElseThrow()),
            role));
  }

  private static LoginFailure wrong(String reason) {
    return LoginFailure.unauthenticated(
        reason, "Correct the AWS configuration files; see them with: aws configure list-profiles");
  }

  @Override
  public void close() {
    Held now = held;
    if (now != null) {
      CredentialSource.free(now.provider());
    }
  }
}
