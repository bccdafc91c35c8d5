package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * One call of the store: its action, its deadline, and the requests that it makes within the
 * deadline. Used by one thread.
 */
final class Call {
  private static final Duration PRINCIPAL = Duration.ofSeconds(3);

  private final Client client;
  private final String action;
  private final @Nullable String name;
  private long ends;

  Call(Client client, String action, @Nullable String name) {
    this.client = client;
    this.action = action;
    this.name = name;
    renew();
  }

  /** Begins the time again: for a list, in which each page has it. */
  void renew() {
    ends = System.nanoTime() + client.config().timeout().toNanos();
  }

  /** Asks Secrets Manager. */
  <T> T ask(Function<SecretsManagerClient, T> question) {
    return client.ask(question);
  }

  /** Returns a setting that limits a request to the remaining time. */
  Consumer<AwsRequestOverrideConfiguration.Builder> inTime() {
    Duration left = left();
    if (left.isZero()) {
      throw StoreFailure.of(Kind.TIMEOUT, "the time for the call was used up", null);
    }
    return override -> override.apiCallTimeout(left);
  }

  /** The time that is left; zero when it is used up. */
  Duration left() {
    long nanos = ends - System.nanoTime();
    return nanos < 1_000_000 ? Duration.ZERO : Duration.ofNanos(nanos);
  }

  Settings config() {
    return client.config();
  }

  /** Where the credentials come from, for people. */
  String loginWords() {
    return client.loginWords();
  }

  /** Asks STS who the caller is; not for longer than a check can wait. */
  String principal() {
    Duration left = left();
    return client.principal(left.compareTo(PRINCIPAL) < 0 ? left : PRINCIPAL);
  }

  String action() {
    return action;
  }

  /** The name; of calls that have one. */
  String name() {
    if (name == null) {
      throw new IllegalStateException("a call without a name");
    }
    return name;
  }

  Optional<String> nameIfAny() {
    return Optional.ofNullable(name);
  }

  /** Reads the version that has the label. */
  GetSecretValueResponse labelled(String label) {
    return checked(
        ask(
            sdk ->
                sdk.getSecretValue(
                    r -> r.secretId(name()).versionStage(label).overrideConfiguration(inTime()))));
  }

  /** Reads the version that has the id. */
  GetSecretValueResponse version(String version) {
    return checked(
        ask(
            sdk ->
                sdk.getSecretValue(
                    r -> r.secretId(name()).versionId(version).overrideConfiguration(inTime()))));
  }

  /** Empty where AWS says that there is no such thing. */
  <T> Optional<T> found(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (AwsServiceException e) {
      if (ErrorCodes.is(e, ErrorCodes.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  DescribeSecretResponse describe() {
    return ask(sdk -> sdk.describeSecret(r -> r.secretId(name()).overrideConfiguration(inTime())));
  }

  /** Describes a secret that must exist and must not be deleted. */
  DescribeSecretResponse describeLive() {
    DescribeSecretResponse known = describe();
    if (known.deletedDate() != null) {
      throw pendingDeletion(known.deletedDate());
    }
    return known;
  }

  /** An answer of something else can look like an empty one of Secrets Manager. */
  private static GetSecretValueResponse checked(GetSecretValueResponse answer) {
    if (answer.versionId() == null
        || (answer.secretString() == null && answer.secretBinary() == null)) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "the answer is not one of Secrets Manager",
          "Check aws.endpoint and any proxy between it and this machine");
    }
    return answer;
  }

  static StoreFailure pendingDeletion(Instant deleted) {
    return StoreFailure.of(
        Kind.PENDING_DELETION,
        "it was deleted and will be gone for good after "
            + deleted.atOffset(ZoneOffset.UTC).toLocalDate(),
        "Restore it, or choose another name");
  }

  /** The exception for a failure of this call. */
  SecretException of(StoreFailure failure) {
    return failure.toException(ErrorCodes.SCHEME, action, name);
  }
}
