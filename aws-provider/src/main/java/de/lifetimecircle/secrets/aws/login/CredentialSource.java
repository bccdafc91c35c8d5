package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.errors.LoginFailure.Origin;
import de.lifetimecircle.secrets.aws.transport.TransportFailures;
import de.lifetimecircle.secrets.remote.Causes;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * One place that credentials can come from. An error there names the place. Safe for use by several
 * threads if the provider is.
 *
 * @param words the source's name after "the login with"
 * @param presence asks whether it is configured
 * @param provider the provider of the credentials
 * @param advice what to do if it has no credentials
 */
record CredentialSource(
    String words, Supplier<Presence> presence, AwsCredentialsProvider provider, String advice)
    implements NamedCredentials {

  /** Whether a place has credentials, before it is asked. */
  enum Presence {
    /** It is not configured: the chain asks the next source. */
    ABSENT,
    /** It is configured: if it fails, the login fails. */
    CONFIGURED,
    /** Not configurable: whether it exists is only known after asking (instance metadata). */
    POSSIBLE
  }

  /** A place that is configured for sure. */
  public static CredentialSource configured(
      String words, AwsCredentialsProvider provider, String advice) {
    return new CredentialSource(words, () -> Presence.CONFIGURED, provider, advice);
  }

  /**
   * Asks for the credentials.
   *
   * @throws LoginFailure why there are none, with the name of the place
   */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider.resolveCredentials();
    } catch (AbortedException e) {
      throw e; // the interrupt or the deadline of the caller
    } catch (LoginFailure e) {
      throw e.from(words);
    } catch (RuntimeException e) {
      throw failure(e).from(words);
    }
  }

  private LoginFailure failure(RuntimeException e) {
    Optional<SdkServiceException> answer = Causes.find(e, SdkServiceException.class);
    if (answer.isPresent()) {
      return answered(answer.get().statusCode());
    }
    return TransportFailures.ofNetwork(e, "the settings")
        .map(trouble -> LoginFailure.of(Origin.NETWORK, trouble.kind(), trouble.reason(), advice))
        // A file that is not there or makes no sense; its text may be in the message.
        .orElseGet(() -> LoginFailure.unauthenticated("it gives no credentials", advice));
  }

  private LoginFailure answered(int status) {
    Kind kind =
        status == 429 ? Kind.THROTTLED : status >= 500 ? Kind.UNAVAILABLE : Kind.UNAUTHENTICATED;
    return LoginFailure.of(Origin.ANSWER, kind, "it answers with status " + status, advice);
  }

  @Override
  public void close() {
    free(provider);
  }

  /** Frees what a provider holds, if it holds anything. */
  static void free(AwsCredentialsProvider provider) {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
