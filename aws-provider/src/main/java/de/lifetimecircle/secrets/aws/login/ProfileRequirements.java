package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Says what a profile needs that a service may lack: a module of the SDK, a login by a person, a
 * program, a code of a multi-factor device. The SDK's own texts quote files, so they are not passed
 * on. Stateless.
 */
final class ProfileRequirements {
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");

  private ProfileRequirements() {}

  /** The credentials of a profile without a role. */
  static AwsCredentialsProvider of(
      Profile profile,
      AwsCredentialsProvider plain,
      UnaryOperator<AwsCredentialsProvider> handedOut) {
    if (profile.property(ProfileProperty.LOGIN_SESSION).isPresent()) {
      return module(
          plain, "its login_session cannot be used", "signin", "aws login" + option(profile));
    }
    if (profile.properties().keySet().stream().anyMatch(key -> key.startsWith("sso_"))) {
      return module(
          plain,
          "its IAM Identity Center login (sso_…) cannot be used",
          "sso and software.amazon.awssdk:ssooidc",
          "aws sso login" + option(profile));
    }
    return profile.property(ProfileProperty.CREDENTIAL_PROCESS).isPresent()
        ? new Translated(
            handedOut.apply(plain),
            e ->
                LoginFailure.unauthenticated(
                    "its credential_process failed or printed no credentials",
                    "Try it as the user of this service: aws sts get-caller-identity"
                        + option(profile)))
        : plain;
  }

  /** Credentials that a module of the SDK fetches, after a login in a browser. */
  private static AwsCredentialsProvider module(
      AwsCredentialsProvider plain, String reason, String modules, String command) {
    String advice =
        "Add software.amazon.awssdk:"
            + modules
            + " in version "
            + VersionInfo.SDK_VERSION
            + " to the class path, and log in with: "
            + command;
    return new Translated(
        plain,
        e ->
            e instanceof IllegalStateException // how the SDK says that the module is missing
                ? LoginFailure.unauthenticated(reason, advice)
                : LoginFailure.unauthenticated(
                    "its login has expired or was never made", "Log in with: " + command));
  }

  /**
   * The credentials of a profile's role; a service has no device that shows a code. Some roles do
   * not ask for one, so they are tried.
   */
  static AwsCredentialsProvider ofRole(Profile profile, AwsCredentialsProvider assumed) {
    if (profile.property("mfa_serial").isEmpty()) {
      return assumed;
    }
    String advice =
        "The profile has mfa_serial, and this program cannot ask for a code. Start it with keys for"
            + " a session: eval \"$(aws configure export-credentials"
            + option(profile)
            + " --format env)\"; or use a role that asks for no device";
    return new Translated(
        assumed,
        e ->
            e instanceof LoginFailure refused && refused.kind() == Kind.ACCESS_DENIED
                ? LoginFailure.of(refused.origin(), refused.failure().advising(advice))
                : e);
  }

  private static String option(Profile profile) {
    return " --profile " + (NAME.matcher(profile.name()).matches() ? profile.name() : "NAME");
  }

  /** Credentials whose failures get other words. */
  private record Translated(
      AwsCredentialsProvider provider, UnaryOperator<RuntimeException> inWords)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return provider.resolveCredentials();
      } catch (AbortedException e) {
        throw e;
      } catch (SdkClientException | IllegalStateException | LoginFailure e) {
        throw inWords.apply(e);
      }
    }

    @Override
    public void close() {
      CredentialSource.free(provider);
    }
  }
}
