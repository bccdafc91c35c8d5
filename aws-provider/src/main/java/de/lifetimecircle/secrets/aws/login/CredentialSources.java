package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.aws.config.Profiles;
import de.lifetimecircle.secrets.aws.config.Profiles.Found;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.config.Settings.Login;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.login.CredentialSource.Presence;
import de.lifetimecircle.secrets.remote.AwsSignature.Keys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * Creates the providers of credentials. The order of the default chain is that of the SDK
 * (credentials-chain, read 2026-11-24), but the environment is the one that the store was given,
 * the first place that is configured is the only one that is asked ({@link DefaultChain}), and STS
 * is reached through the store's own client ({@link Sts}). Immutable; sends nothing.
 */
public record CredentialSources(Settings config, Sts sts) {
  private static final String CHECK_KEYS = "Set both keys, or neither";
  private static final String CHECK_MACHINE =
      "Check that the machine or the container has a role, and its metadata service";

  public RenewableLogin login() {
    boolean fixed =
        config.login().source() == Settings.Source.KEYS && config.login().role().isEmpty();
    return fixed ? RenewableLogin.fixed(chosen()) : RenewableLogin.renewable(this::chosen);
  }

  private RenewableLogin.Chosen chosen() {
    Login login = config.login();
    NamedCredentials first =
        switch (login.source()) {
          case KEYS ->
              CredentialSource.configured(
                  "the keys of aws.access-key-id",
                  StaticCredentialsProvider.create(keys(login.keys().orElseThrow())),
                  CHECK_KEYS);
          case PROFILE -> profile();
          case WEB_IDENTITY -> webIdentity(login);
          case CHAIN -> chain();
        };
    return new RenewableLogin.Chosen(withRole(first), first::words);
  }

  /** The role of the settings, if one is to be assumed with those credentials. */
  private AwsCredentialsProvider withRole(AwsCredentialsProvider first) {
    Optional<Role> role = config.login().role();
    return role.isEmpty() || config.login().source() == Settings.Source.WEB_IDENTITY
        ? first
        : CredentialSource.configured(
            "the role of aws.role-arn", assumed(first, role.get()), "Check aws.role-arn");
  }

  private CredentialSource webIdentity(Login login) {
    return CredentialSource.configured(
        "the web identity of aws.web-identity-token-file",
        sts.webIdentity(login.tokenFile().orElseThrow(), login.role().orElseThrow()),
        "Check aws.web-identity-token-file and aws.role-arn");
  }

  private static AwsCredentials keys(Keys keys) {
    return keys.token().isPresent()
        ? AwsSessionCredentials.create(keys.id(), keys.secret(), keys.token().get())
        : AwsBasicCredentials.create(keys.id(), keys.secret());
  }

  /** Returns the keys of a profile; empty if it does not have both. */
  public static Optional<AwsCredentials> keys(Profile profile) {
    Optional<String> id = text(profile, ProfileProperty.AWS_ACCESS_KEY_ID);
    Optional<String> secret = text(profile, ProfileProperty.AWS_SECRET_ACCESS_KEY);
    return id.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(
            keys(
                new Keys(
                    id.get(), secret.get(), text(profile, ProfileProperty.AWS_SESSION_TOKEN))));
  }

  private static Optional<String> text(Profile profile, String key) {
    return profile.property(key).map(String::strip).filter(text -> !text.isEmpty());
  }

  private DefaultChain chain() {
    return new DefaultChain(
        List.of(
            new CredentialSource(
                "the system properties aws.accessKeyId and aws.secretAccessKey",
                () -> presence(property("aws.accessKeyId"), property("aws.secretAccessKey")),
                SystemPropertyCredentialsProvider.create(),
                CHECK_KEYS),
            new CredentialSource(
                "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                () -> presence(variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")),
                this::environmentKeys,
                CHECK_KEYS),
            surroundingWebIdentity(),
            profile(),
            container(),
            instance()));
  }

  @SafeVarargs
  private static Presence presence(Optional<String>... settings) {
    for (Optional<String> setting : settings) {
      if (setting.filter(value -> !value.isBlank()).isPresent()) {
        return Presence.CONFIGURED;
      }
    }
    return Presence.ABSENT;
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name));
  }

  private Optional<String> variable(String name) {
    return config.environment().apply(name).filter(value -> !value.isBlank());
  }

  private AwsCredentials environmentKeys() {
    Function<String, String> required =
        name ->
            variable(name)
                .orElseThrow(() -> LoginFailure.unauthenticated(name + " is not set", CHECK_KEYS));
    return keys(
        new Keys(
            required.apply("AWS_ACCESS_KEY_ID"),
            required.apply("AWS_SECRET_ACCESS_KEY"),
            variable("AWS_SESSION_TOKEN")));
  }

  /** The identity of a pod, as EKS sets it. A role alone is set by people for their scripts. */
  private CredentialSource surroundingWebIdentity() {
    Profiles shared = profiles();
    Optional<Found> file =
        shared.ofProcess("aws.webIdentityTokenFile", "AWS_WEB_IDENTITY_TOKEN_FILE");
    return new CredentialSource(
        "the web identity of " + file.map(Found::from).orElse("AWS_WEB_IDENTITY_TOKEN_FILE"),
        () -> file.isPresent() ? Presence.CONFIGURED : Presence.ABSENT,
        webIdentity(shared, file),
        "Check AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN");
  }

  private AwsCredentialsProvider webIdentity(Profiles shared, Optional<Found> file) {
    Optional<Found> role = shared.ofProcess("aws.roleArn", "AWS_ROLE_ARN");
    if (role.isEmpty()) {
      return () -> {
        throw LoginFailure.unauthenticated(
            "AWS_ROLE_ARN is not set", "Set AWS_ROLE_ARN to the role that the token is for");
      };
    }
    String session =
        shared
            .ofProcess("aws.roleSessionName", "AWS_ROLE_SESSION_NAME")
            .map(Found::value)
            .orElse(Role.SESSION);
    return webIdentity(
        file.map(Found::value).orElse(""), new Role(role.get().value(), session, Optional.empty()));
  }

  private CredentialSource container() {
    return new CredentialSource(
        "the container's role (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI)",
        () ->
            presence(
                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.getStringValue(),
                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue()),
        handedOut(ContainerCredentialsProvider.builder().build()),
        CHECK_MACHINE);
  }

  private CredentialSource instance() {
    return new CredentialSource(
        "the instance's role",
        () ->
            SdkSystemSetting.AWS_EC2_METADATA_DISABLED
                    .getStringValue()
                    .filter(word -> word.equalsIgnoreCase("true"))
                    .isPresent()
                ? Presence.ABSENT
                : Presence.POSSIBLE,
        handedOut(machine()),
        CHECK_MACHINE);
  }

  /** Made without a file of its own choice, it would read the user's files at once. */
  private AwsCredentialsProvider machine() {
    Profiles profiles = profiles();
    return InstanceProfileCredentialsProvider.builder()
        .profileFile(() -> profiles.read().orElse(Profiles.NONE))
        .profileName(profiles.name())
        .build();
  }

  /** Returns the provider for a profile's {@code credential_source}. */
  public AwsCredentialsProvider place(String word) {
    return switch (word) {
      case "Environment" -> this::environmentKeys;
      case "EcsContainer" -> handedOut(ContainerCredentialsProvider.builder().build());
      case "Ec2InstanceMetadata" -> handedOut(machine());
      default ->
          throw LoginFailure.unauthenticated(
              "its credential_source is unknown",
              "Set credential_source to Environment, EcsContainer or Ec2InstanceMetadata");
    };
  }

  /** Shares the keys of a source that may block without reacting to an interrupt. */
  public AwsCredentialsProvider handedOut(AwsCredentialsProvider source) {
    return new SharedCredentials(source, config.clock());
  }

  private Profiles profiles() {
    return new Profiles(config.environment(), config.login().profile());
  }

  private CredentialSource profile() {
    ProfileLogin login = new ProfileLogin(profiles(), this);
    return new CredentialSource(
        "the profile '" + login.name() + "'",
        login::presence,
        login,
        "Check the profile '" + login.name() + "' in the AWS configuration files, or log in again");
  }

  /** Returns a provider of the keys of a role that is assumed with other credentials. */
  public AwsCredentialsProvider assumed(AwsCredentialsProvider with, Role role) {
    return sts.assumed(with, role);
  }

  /** Returns a provider of the keys of a role that is assumed with the token in a file. */
  AwsCredentialsProvider webIdentity(String file, Role role) {
    try {
      return sts.webIdentity(Path.of(file), role);
    } catch (InvalidPathException e) {
      return () -> {
        throw LoginFailure.unauthenticated(
            "the token file is not a path", "Name the file with the token");
      };
    }
  }
}
