package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The connection to Secrets Manager: the SDK's client with its retries off, our transport and our
 * credentials. Safe for use by several threads.
 */
final class AwsClient implements AutoCloseable {
  private final AwsConfig config;
  private final AwsHttp http;
  private final AwsSts sts;
  private final AwsLogin login;
  private final ScheduledExecutorService timer;
  private final SecretsManagerClient sdk;
  private volatile boolean closed;

  AwsClient(AwsConfig config) {
    this.config = config;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "secrets-aws-deadline");
              thread.setDaemon(true);
              return thread;
            });
    this.http = new AwsHttp(config, timer);
    this.sts = new AwsSts(config, http, timer);
    this.login = new AwsCredentialSources(config, sts).login();
    this.sdk = sdk();
  }

  private SecretsManagerClient sdk() {
    return SecretsManagerClient.builder()
        .region(Region.of(config.region()))
        .credentialsProvider(login)
        .putAuthScheme(new AwsSigner(config.clock()))
        .httpClient(http)
        .fipsEnabled(config.options().fips().isOn())
        .dualstackEnabled(config.options().dualStack().isOn())
        .endpointOverride(config.endpoint().address())
        .endpointProvider(AwsService.secretsManagerAt(config.endpoint()))
        .defaultsMode(DefaultsMode.LEGACY)
        .overrideConfiguration(this::override)
        .build();
  }

  private void override(ClientOverrideConfiguration.Builder builder) {
    builder
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .defaultProfileFile(AwsProfiles.NONE)
        .scheduledExecutorService(timer)
        .apiCallTimeout(config.timeout());
  }

  AwsConfig config() {
    return config;
  }

  /** Does one call of the store; every failure comes out as the one exception of the library. */
  <T> T call(String action, @Nullable String name, Function<AwsCall, T> work) {
    AwsCall call = new AwsCall(this, action, name);
    try {
      requireOpen(call);
      return work.apply(call);
    } catch (RuntimeException e) {
      throw closed ? call.closed() : AwsErrors.translate(call, e);
    }
  }

  private void requireOpen(AwsCall call) {
    if (closed) {
      throw call.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw call.problem(Kind.INTERRUPTED, "the thread was interrupted", null);
    }
  }

  /** Asks once; once more with a new login if the one in use has died, or with AWS's time. */
  <T> T ask(Function<SecretsManagerClient, T> question) {
    try {
      return asked(question);
    } finally {
      AwsJsonBuffers.overwrite();
    }
  }

  private <T> T asked(Function<SecretsManagerClient, T> question) {
    int generation = login.generation();
    try {
      return config.clock().signed(() -> question.apply(sdk));
    } catch (AwsServiceException e) {
      if (AwsErrors.isDeadLogin(e) && login.renew(generation)) {
        return config.clock().signed(() -> question.apply(sdk));
      }
      throw e;
    } catch (AwsLoginFailure e) {
      if (e.origin() == AwsLoginFailure.Origin.DEAD_KEYS && login.renew(generation)) {
        return config.clock().signed(() -> question.apply(sdk));
      }
      throw e;
    }
  }

  /** Where the credentials come from, for people. */
  String loginWords() {
    return login.words();
  }

  /** The ARN of the identity that these credentials belong to. */
  String principal(Duration within) {
    return sts.principal(login, within);
  }

  long requests() {
    return http.secretRequests();
  }

  @Override
  public void close() {
    closed = true;
    sdk.close();
    login.close();
    http.close();
    timer.shutdownNow();
  }
}
