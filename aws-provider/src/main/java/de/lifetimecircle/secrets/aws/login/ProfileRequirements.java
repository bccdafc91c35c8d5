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
      return new Module(
          plain, "its login_session cannot be used", "signin", "aws login" + option(profile));
    }
    if (profile.properties().keySet().stream().anyMatch(key -> key.startsWith("sso_"))) {
      return new Module(
          plain,
          "its IAM Identity Center login (sso_…) cannot be used",
          "sso and software.amazon.awssdk:ssooidc",
          "aws sso login" + option(profile));
    }
    return profile.property(ProfileProperty.CREDENTIAL_PROCESS).isPresent()
        ? new Program(handedOut.apply(plain), option(profile))
        : plain;
  }

  /** The credentials of a profile's role; a service has no device that shows a code. */
  static AwsCredentialsProvider ofRole(Profile profile, AwsCredentialsProvider assumed) {
    return profile.property("mfa_serial").isEmpty()
        ? assumed
        : new Device(assumed, option(profile));
  }

  private static String option(Profile profile) {
    return " --profile " + (NAME.matcher(profile.name()).matches() ? profile.name() : "NAME");
  }

  private static void close(AwsCredentialsProvider provider) {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  /** Credentials that a module of the SDK fetches, after a login in a browser. */
  private record Module(AwsCredentialsProvider plain, String reason, String modules, String command)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return plain.resolveCredentials();
      } catch (IllegalStateException e) { // how the SDK says that the module is missing
        throw LoginFailure.unauthenticated(
            reason,
            "Add software.amazon.awssdk:"
                + modules
                + " in version "
                + VersionInfo.SDK_VERSION
                + " to the class path, and log in with: "
                + command);
      } catch (AbortedException e) {
        throw e;
      } catch (SdkClientException e) {
        throw LoginFailure.unauthenticated(
            "its login has expired or was never made", "Log in with: " + command);
      }
    }

    @Override
    public void close() {
      ProfileRequirements.close(plain);
    }
  }

  /** Credentials that a program prints. */
  private record Program(AwsCredentialsProvider handedOut, String option)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return handedOut.resolveCredentials();
      } catch (AbortedException e) {
        throw e;
      } catch (SdkClientException | IllegalStateException e) {
        throw LoginFailure.unauthenticated(
            "its credential_process failed or printed no credentials",
            "Try it as the user of this service: aws sts get-caller-identity" + option);
      }
    }

    @Override
    public void close() {
      ProfileRequirements.close(handedOut);
    }
  }

  /** Keys of a role that may ask for a code of a device. Some roles do not, so they are tried. */
  private record Device(AwsCredentialsProvider assumed, String option)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return assumed.resolveCredentials();
      } catch (LoginFailure e) {
        throw e.kind() == Kind.ACCESS_DENIED
            ? LoginFailure.of(
                e.origin(),
                e.failure()
                    .advising(
                        "The profile has mfa_serial, and this program cannot ask for a code. Start"
                            + " it with keys for a session: eval \"$(aws configure"
                            + " export-credentials"
                            + option
                            + " --format env)\"; or use a role that asks for no device"))
            : e;
      }
    }

    @Override
    public void close() {
      ProfileRequirements.close(assumed);
    }
  }
}
