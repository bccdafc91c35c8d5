package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.aws.AwsConfig.Login;
import de.lifetimecircle.secrets.aws.AwsConfig.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * Makes what hands out credentials. The order of the default chain is that of the SDK
 * (credentials-chain, read 2026-11-24), but the environment is the one that the store was given,
 * and STS is reached through the store's own client: same proxy, same authorities, same silence.
 * Immutable; asks nobody.
 */
final class AwsCredentialSources {
  /** What CloudTrail shows of who assumed a role, where nobody says otherwise. */
  static final String SESSION = "lifetimecircle-secrets";

  private final AwsConfig config;
  private final SdkHttpClient http;
  private final ScheduledExecutorService timer;

  AwsCredentialSources(AwsConfig config, SdkHttpClient http, ScheduledExecutorService timer) {
    this.config = config;
    this.http = http;
    this.timer = timer;
  }

  AwsLogin login() {
    boolean fixed =
        config.login().source() == AwsConfig.Source.KEYS && config.login().role().isEmpty();
    return fixed ? AwsLogin.fixed(source()) : AwsLogin.renewable(this::source);
  }

  private AwsCredentialsProvider source() {
    Login login = config.login();
    AwsCredentialsProvider first =
        switch (login.source()) {
          case KEYS -> StaticCredentialsProvider.create(keys(login.keys().orElseThrow()));
          case PROFILE -> profile();
          case WEB_IDENTITY ->
              webIdentity(login.tokenFile().orElseThrow(), login.role().orElseThrow());
          case CHAIN -> chain();
        };
    return login.role().isPresent() && login.source() != AwsConfig.Source.WEB_IDENTITY
        ? assumed(first, login.role().get())
        : first;
  }

  private static AwsCredentials keys(AwsConfig.Keys keys) {
    return keys.sessionToken().isPresent()
        ? AwsSessionCredentials.create(
            keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken().get())
        : AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey());
  }

  private AwsCredentialsProvider chain() {
    Function<String, Optional<String>> environment = config.environment();
    List<AwsCredentialsProvider> sources = new ArrayList<>();
    sources.add(SystemPropertyCredentialsProvider.create());
    environmentKeys().ifPresent(sources::add);
    Optional<String> token = environment.apply("AWS_WEB_IDENTITY_TOKEN_FILE");
    Optional<String> role = environment.apply("AWS_ROLE_ARN");
    if (token.isPresent() && role.isPresent()) {
      String session = environment.apply("AWS_ROLE_SESSION_NAME").orElse(SESSION);
      sources.add(
          webIdentity(Path.of(token.get()), new Role(role.get(), session, Optional.empty())));
    }
    sources.add(profile());
    sources.add(handedOut(ContainerCredentialsProvider.builder().build()));
    sources.add(handedOut(InstanceProfileCredentialsProvider.create()));
    return AwsCredentialsProviderChain.builder().credentialsProviders(sources).build();
  }

  private Optional<AwsCredentialsProvider> environmentKeys() {
    Function<String, Optional<String>> environment = config.environment();
    Optional<String> id = environment.apply("AWS_ACCESS_KEY_ID");
    Optional<String> secret = environment.apply("AWS_SECRET_ACCESS_KEY");
    return id.isPresent() && secret.isPresent()
        ? Optional.of(
            StaticCredentialsProvider.create(
                keys(
                    new AwsConfig.Keys(
                        id.get(), secret.get(), environment.apply("AWS_SESSION_TOKEN")))))
        : Optional.empty();
  }

  /** What hands out credentials where a profile's {@code credential_source} says. */
  AwsCredentialsProvider place(String word) {
    return switch (word) {
      case "Environment" -> environmentKeys().orElseThrow(AwsNoCredentials::new);
      case "EcsContainer" -> handedOut(ContainerCredentialsProvider.builder().build());
      case "Ec2InstanceMetadata" -> handedOut(InstanceProfileCredentialsProvider.create());
      default -> throw new AwsNoCredentials();
    };
  }

  /** What waits in a way that no interrupt ends. */
  AwsCredentialsProvider handedOut(AwsCredentialsProvider source) {
    return new AwsHandedOut(source, config.clock());
  }

  private AwsCredentialsProvider profile() {
    AwsProfiles profiles = AwsProfiles.of(config.environment());
    return new AwsProfileLogin(profiles, profiles.name(config.login().profile()), this);
  }

  /** What hands out the keys of a role, which is assumed with other credentials. */
  AwsCredentialsProvider assumed(AwsCredentialsProvider with, Role role) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts(with))
        .refreshRequest(
            request -> {
              request.roleArn(role.arn()).roleSessionName(role.session());
              role.externalId().ifPresent(request::externalId);
            })
        .build();
  }

  /** What hands out the keys of a role, which is assumed with the token of a file. */
  AwsCredentialsProvider webIdentity(Path token, Role role) {
    return StsWebIdentityTokenFileCredentialsProvider.builder()
        .stsClient(sts(AnonymousCredentialsProvider.create()))
        .webIdentityTokenFile(token)
        .roleArn(role.arn())
        .roleSessionName(role.session())
        .build();
  }

  private StsClient sts(AwsCredentialsProvider credentials) {
    return StsClient.builder()
        .region(Region.of(config.region()))
        .credentialsProvider(credentials)
        .putAuthScheme(new AwsSigner(config.clock()))
        .httpClient(http)
        .fipsEnabled(config.options().fips().isOn())
        .dualstackEnabled(config.options().dualStack().isOn())
        .endpointOverride(config.stsEndpoint().address())
        .endpointProvider(AwsService.stsAt(config.stsEndpoint()))
        .overrideConfiguration(
            o ->
                o.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .defaultProfileFile(NO_PROFILE)
                    .scheduledExecutorService(timer)
                    .apiCallTimeout(config.timeout()))
        .build();
  }

  /** The settings of the store hold, not what a profile says about retries or endpoints. */
  static final ProfileFile NO_PROFILE =
      ProfileFile.builder()
          .content(java.io.InputStream.nullInputStream())
          .type(ProfileFile.Type.CONFIGURATION)
          .build();
}
