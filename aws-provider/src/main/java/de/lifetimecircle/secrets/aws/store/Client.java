package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.aws.config.Profiles;
import de.lifetimecircle.secrets.aws.config.Service;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.login.CredentialSources;
import de.lifetimecircle.secrets.aws.login.RenewableLogin;
import de.lifetimecircle.secrets.aws.login.Sts;
import de.lifetimecircle.secrets.aws.transport.JsonBuffers;
import de.lifetimecircle.secrets.aws.transport.Signer;
import de.lifetimecircle.secrets.aws.transport.Transport;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
final class Client implements AutoCloseable {
  private final Settings config;
  private final Transport http;
  private final Sts sts;
  private final RenewableLogin login;
  final ScheduledThreadPoolExecutor timer;
  private final SecretsManagerClient sdk;
  private volatile boolean closed;

  Client(Settings config) {
    this.config = config;
    this.timer = new ScheduledThreadPoolExecutor(1, Client::daemon);
    // Else the deadline of a request that was answered keeps it, with the value that it puts.
    timer.setRemoveOnCancelPolicy(true);
    this.http = new Transport(config, timer);
    this.sts = new Sts(config, http, timer);
    this.login = new CredentialSources(config, sts).login();
    this.sdk = sdk();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "secrets-aws-deadline");
    thread.setDaemon(true);
    return thread;
  }

  private SecretsManagerClient sdk() {
    return SecretsManagerClient.builder()
        .region(Region.of(config.region()))
        .credentialsProvider(login)
        .putAuthScheme(new Signer(config.clock()))
        .httpClient(http)
        .fipsEnabled(config.options().fips().isOn())
        .dualstackEnabled(config.options().dualStack().isOn())
        .endpointOverride(config.endpoint().address())
        .endpointProvider(Service.secretsManagerAt(config.endpoint()))
        .defaultsMode(DefaultsMode.LEGACY)
        .overrideConfiguration(this::override)
        .build();
  }

  private void override(ClientOverrideConfiguration.Builder builder) {
    builder
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .defaultProfileFile(Profiles.NONE)
        .scheduledExecutorService(timer)
        .apiCallTimeout(config.timeout());
  }

  Settings config() {
    return config;
  }

  /** Does one call of the store; every failure comes out as the one exception of the library. */
  <T> T call(String action, @Nullable String name, Function<Call, T> work) {
    Call call = new Call(this, action, name);
    try {
      requireOpen();
      return work.apply(call);
    } catch (RuntimeException e) {
      throw closed ? call.of(StoreFailure.closed()) : CallErrors.translate(call, e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw StoreFailure.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw StoreFailure.interrupted();
    }
  }

  /** Asks once; once more with a new login if the one in use has died, or with AWS's time. */
  <T> T ask(Function<SecretsManagerClient, T> question) {
    try {
      return asked(question);
    } finally {
      JsonBuffers.overwrite();
    }
  }

  private <T> T asked(Function<SecretsManagerClient, T> question) {
    int generation = login.generation();
    try {
      return config.clock().signed(() -> question.apply(sdk));
    } catch (AwsServiceException e) {
      if (ErrorCodes.isDeadLogin(e) && login.renew(generation)) {
        return config.clock().signed(() -> question.apply(sdk));
      }
      throw e;
    } catch (LoginFailure e) {
      if (e.origin() == LoginFailure.Origin.DEAD_KEYS && login.renew(generation)) {
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
