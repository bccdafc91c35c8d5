package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Profiles;
import de.lifetimecircle.secrets.aws.config.Service;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.errors.LoginFailure.Origin;
import de.lifetimecircle.secrets.aws.transport.Signer;
import de.lifetimecircle.secrets.aws.transport.TransportFailures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Asks STS for the keys of roles, through the store's own transport: with the same proxy, the same
 * CA file and no logging. Each question is one request; the library's one layer of retries repeats
 * it. Immutable; safe for use by several threads.
 */
public record Sts(Settings config, SdkHttpClient http, ScheduledExecutorService timer) {
  /**
   * Returns a provider of the keys of a role that is assumed with other credentials. It frees those
   * with itself.
   */
  public AwsCredentialsProvider assumed(AwsCredentialsProvider with, Role role) {
    StsClient sts = client(with);
    return new SharedCredentials(
        new Assumed(
            with,
            () -> {
              try {
                return ask(
                    sts,
                    s ->
                        s.assumeRole(
                                request -> {
                                  request.roleArn(role.arn()).roleSessionName(role.session());
                                  role.externalId().ifPresent(request::externalId);
                                })
                            .credentials());
              } catch (StsException e) {
                throw StsErrors.ofRole(e, role);
              }
            }),
        config.clock());
  }

  /** The keys of a role, and the credentials that it is assumed with. */
  private record Assumed(AwsCredentialsProvider with, AwsCredentialsProvider keys)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      return keys.resolveCredentials();
    }

    @Override
    public void close() {
      CredentialSource.free(with);
    }
  }

  /** Returns a provider of the keys of a role that is assumed with the token in a file. */
  AwsCredentialsProvider webIdentity(Path file, Role role) {
    StsClient sts = client(AnonymousCredentialsProvider.create());
    return new SharedCredentials(
        () -> {
          WebIdentityToken token = WebIdentityToken.read(file);
          try {
            return ask(
                sts,
                s ->
                    s.assumeRoleWithWebIdentity(
                            request ->
                                request
                                    .roleArn(role.arn())
                                    .roleSessionName(role.session())
                                    .webIdentityToken(token.text()))
                        .credentials());
          } catch (StsException e) {
            throw StsErrors.ofWebIdentity(e, role, token);
          }
        },
        config.clock());
  }

  /** The ARN of the identity that those credentials belong to; every identity may ask for it. */
  public String principal(AwsCredentialsProvider with, Duration within) {
    StsClient sts = client(with);
    return config
        .clock()
        .signed(
            () ->
                sts.getCallerIdentity(r -> r.overrideConfiguration(o -> o.apiCallTimeout(within)))
                    .arn());
  }

  private AwsSessionCredentials ask(StsClient sts, Function<StsClient, Credentials> question) {
    requireAddress();
    try {
      Credentials keys = config.clock().signed(() -> question.apply(sts));
      return AwsSessionCredentials.builder()
          .accessKeyId(keys.accessKeyId())
          .secretAccessKey(keys.secretAccessKey())
          .sessionToken(keys.sessionToken())
          .expirationTime(keys.expiration())
          .build();
    } catch (StsException | AbortedException | LoginFailure e) {
      throw e;
    } catch (RuntimeException e) {
      throw TransportFailures.of(e, config.stsEndpoint(), Service.STS)
          .map(
              trouble ->
                  LoginFailure.of(
                      Origin.NETWORK,
                      trouble.because(
                          "STS at " + config.stsEndpoint().address() + ": " + trouble.reason())))
          .orElseThrow(() -> e);
    }
  }

  /** The address of STS matters only now: other logins do without it. */
  private void requireAddress() {
    if (!config.stsProblems().isEmpty()) {
      throw LoginFailure.of(
          Origin.MACHINE,
          Kind.CONFIGURATION,
          "the address of STS cannot be used: " + String.join("; ", config.stsProblems()),
          "Correct that setting, or set aws.sts-endpoint to https://HOST");
    }
  }

  private StsClient client(AwsCredentialsProvider credentials) {
    return StsClient.builder()
        .region(Region.of(config.region()))
        .credentialsProvider(credentials)
        .putAuthScheme(new Signer(config.clock()))
        .httpClient(http)
        .fipsEnabled(config.options().fips().isOn())
        .dualstackEnabled(config.options().dualStack().isOn())
        .endpointOverride(config.stsEndpoint().address())
        .endpointProvider(Service.stsAt(config.stsEndpoint()))
        .overrideConfiguration(
            o ->
                o.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .defaultProfileFile(Profiles.NONE)
                    .scheduledExecutorService(timer)
                    .apiCallTimeout(config.timeout()))
        .build();
  }
}
