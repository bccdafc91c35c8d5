package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.errors.LoginFailure.Origin;
import de.lifetimecircle.secrets.aws.login.CredentialSource.Presence;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * The credential sources of the default chain, in order. The chain uses the first one that is
 * configured; if that one fails, the login fails. The SDK's own chain would try the next source
 * instead: a pod whose web identity is denied would continue with the role of its node, which is
 * another identity, and the reason for the first failure would be lost.
 *
 * <p>Safe for use by several threads. State: the source that answered, which the chain asks from
 * then on.
 */
final class DefaultChain implements NamedCredentials {
  private final List<CredentialSource> sources;
  private volatile @Nullable CredentialSource used;

  DefaultChain(List<CredentialSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    CredentialSource known = used;
    if (known != null) {
      return known.resolveCredentials();
    }
    for (CredentialSource source : sources) {
      Presence presence = source.presence().get();
      if (presence != Presence.ABSENT) {
        AwsCredentials found =
            presence == Presence.POSSIBLE ? possible(source) : source.resolveCredentials();
        used = source;
        return found;
      }
    }
    throw noCredentials("");
  }

  /** On other machines no server answers there, or it says that there is no role. */
  private AwsCredentials possible(CredentialSource source) {
    try {
      return source.resolveCredentials();
    } catch (LoginFailure e) {
      boolean answered = e.origin() == Origin.ANSWER && e.kind() != Kind.UNAUTHENTICATED;
      throw answered ? e : noCredentials("; " + e.reason());
    }
  }

  private LoginFailure noCredentials(String more) {
    return LoginFailure.unauthenticated(
        "no credentials were found: not configured are "
            + sources.stream()
                .filter(source -> source.presence().get() == Presence.ABSENT)
                .map(CredentialSource::words)
                .collect(Collectors.joining(", "))
            + more,
        "Set aws.profile or aws.role-arn, log in, or give this machine a role");
  }

  /** Names the source that answered. */
  @Override
  public String words() {
    CredentialSource known = used;
    return known == null ? "the default chain" : known.words();
  }

  @Override
  public void close() {
    sources.forEach(CredentialSource::close);
  }
}
