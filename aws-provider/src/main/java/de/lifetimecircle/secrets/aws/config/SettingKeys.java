package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.util.List;

/** The settings, in the order of their documentation. */
public final class SettingKeys {
  public static final String REGION = "region";
  public static final String ENDPOINT = "endpoint";
  static final String STS_ENDPOINT = "sts-endpoint";
  public static final String FIPS = "fips";
  static final String DUAL_STACK = "dual-stack";
  public static final String PROFILE = "profile";
  static final String ACCESS_KEY_ID = "access-key-id";
  static final String SECRET_ACCESS_KEY = "secret-access-key";
  static final String SESSION_TOKEN = "session-token";
  public static final String ROLE_ARN = "role-arn";
  public static final String ROLE_SESSION_NAME = "role-session-name";
  public static final String EXTERNAL_ID = "external-id";
  public static final String WEB_IDENTITY_TOKEN_FILE = "web-identity-token-file";
  static final String CA_FILE = "ca-file";
  static final String KMS_KEY = "kms-key";
  static final String DESCRIPTION = "description";
  static final String TAGS = "tags";

  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Most connections open at a time, %s.", 16, 1, 1000);
  static final TypedKey<Integer> RECOVERY_WINDOW =
      TypedKey.days(
          "recovery-window", "Days in which a deleted secret can be restored, %s.", 30, 7, 30);

  public static final List<ConfigKey> ALL =
      List.of(
          ConfigKey.of(
              REGION, "Region; default AWS_REGION, AWS_DEFAULT_REGION or that of the profile."),
          ConfigKey.of(
              ENDPOINT,
              "Address of Secrets Manager, for a VPC endpoint; default"
                  + " AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL or that of the region."),
          ConfigKey.of(
              STS_ENDPOINT,
              "Address of STS, which hands out roles; default AWS_ENDPOINT_URL_STS,"
                  + " AWS_ENDPOINT_URL or that of the region."),
          ConfigKey.of(
              FIPS,
              "Whether to use the FIPS endpoints: true or false; default AWS_USE_FIPS_ENDPOINT or"
                  + " false."),
          ConfigKey.of(
              DUAL_STACK,
              "Whether to use the dual-stack endpoints: true or false; default"
                  + " AWS_USE_DUALSTACK_ENDPOINT or false."),
          ConfigKey.of(
              PROFILE, "Profile of the AWS configuration files; default AWS_PROFILE or default."),
          ConfigKey.secret(
              ACCESS_KEY_ID,
              "Access key; the last resort: an identity of the machine needs no key."),
          ConfigKey.secret(SECRET_ACCESS_KEY, "Secret access key that belongs to access-key-id."),
          ConfigKey.secret(SESSION_TOKEN, "Session token of temporary keys."),
          ConfigKey.of(ROLE_ARN, "Role to assume with the credentials found otherwise."),
          ConfigKey.of(
              ROLE_SESSION_NAME, "Name of the session of that role, as CloudTrail shows it."),
          ConfigKey.of(EXTERNAL_ID, "External id that the trust policy of that role asks for."),
          ConfigKey.of(
              WEB_IDENTITY_TOKEN_FILE, "File with the token that role-arn is assumed with."),
          ConfigKey.of(
              CA_FILE,
              "PEM file with the certificate authorities to trust, instead of the JDK's; default"
                  + " AWS_CA_BUNDLE or ca_bundle of the profile."),
          ProxySettings.key(),
          MAX_CONNECTIONS.key(),
          ConfigKey.of(KMS_KEY, "KMS key of new secrets; default aws/secretsmanager."),
          RECOVERY_WINDOW.key(),
          ConfigKey.of(
              DESCRIPTION, "Description of new secrets that the inventory does not describe."),
          ConfigKey.of(TAGS, "Tags of new secrets as KEY=VALUE, separated by commas; at most 15."));

  private SettingKeys() {}
}
