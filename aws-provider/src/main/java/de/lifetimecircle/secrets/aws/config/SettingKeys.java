package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings, in the order of their documentation. */
public final class SettingKeys {
  static final String REGION_FORM = "[a-z]{2,}(-[a-z]+)+-\\d{1,2}";
  static final TypedKey<Optional<String>> REGION =
      TypedKey.text(
              "region",
              "Region; default AWS_REGION, AWS_DEFAULT_REGION or that of the profile.",
              REGION_FORM,
              "a region such as eu-central-1")
          .or("AWS_REGION", "AWS_DEFAULT_REGION");
  static final TypedKey<Optional<String>> ENDPOINT =
      TypedKey.text(
          "endpoint",
          "Address of Secrets Manager, for a VPC endpoint; default"
              + " AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL or that of the region.");
  static final TypedKey<Optional<String>> STS_ENDPOINT =
      TypedKey.text(
          "sts-endpoint",
          "Address of STS, which hands out roles; default AWS_ENDPOINT_URL_STS,"
              + " AWS_ENDPOINT_URL or that of the region.");
  static final TypedKey<Optional<String>> FIPS =
      TypedKey.text(
          "fips",
          "Whether to use the FIPS endpoints: true or false; default AWS_USE_FIPS_ENDPOINT or"
              + " false.");
  static final TypedKey<Optional<String>> DUAL_STACK =
      TypedKey.text(
          "dual-stack",
          "Whether to use the dual-stack endpoints: true or false; default"
              + " AWS_USE_DUALSTACK_ENDPOINT or false.");
  static final TypedKey<Optional<String>> PROFILE =
      TypedKey.text(
          "profile", "Profile of the AWS configuration files; default AWS_PROFILE or default.");
  static final TypedKey<Optional<String>> ACCESS_KEY_ID =
      TypedKey.secret(
          "access-key-id", "Access key; the last resort: an identity of the machine needs no key.");
  static final TypedKey<Optional<String>> SECRET_ACCESS_KEY =
      TypedKey.secret("secret-access-key", "Secret access key that belongs to access-key-id.");
  static final TypedKey<Optional<String>> SESSION_TOKEN =
      TypedKey.secret("session-token", "Session token of temporary keys.");
  static final TypedKey<Optional<String>> ROLE_ARN =
      TypedKey.text(
          "role-arn",
          "Role to assume with the credentials found otherwise.",
          "arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}",
          "a role's ARN");
  static final TypedKey<Optional<String>> ROLE_SESSION_NAME =
      TypedKey.text(
          "role-session-name",
          "Name of the session of that role, as CloudTrail shows it.",
          "[\\w+=,.@-]{2,64}",
          "2 to 64 letters, digits and +=,.@_-");
  static final TypedKey<Optional<String>> EXTERNAL_ID =
      TypedKey.text(
          "external-id",
          "External id that the trust policy of that role asks for.",
          "[\\w+=,.@:/-]{2,1224}",
          "2 to 1224 letters, digits and +=,.@:/_-");
  static final TypedKey<Optional<Path>> WEB_IDENTITY_TOKEN_FILE =
      TypedKey.file(
          "web-identity-token-file", "File with the token that role-arn is assumed with.");
  static final TypedKey<Optional<String>> CA_FILE =
      TypedKey.text(
          "ca-file",
          "PEM file with the certificate authorities to trust, instead of the JDK's; default"
              + " AWS_CA_BUNDLE or ca_bundle of the profile.");
  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Most connections open at a time, %s.", 16, 1, 1000);
  static final TypedKey<Optional<String>> KMS_KEY =
      TypedKey.text(
          "kms-key",
          "KMS key of new secrets; default aws/secretsmanager.",
          "[A-Za-z0-9:/_-]{1,2048}",
          "a key id, a key ARN or an alias");
  static final TypedKey<Integer> RECOVERY_WINDOW =
      TypedKey.days(
          "recovery-window", "Days in which a deleted secret can be restored, %s.", 30, 7, 30);
  static final TypedKey<Optional<String>> DESCRIPTION =
      TypedKey.text(
          "description",
          "Description of new secrets that the inventory does not describe.",
          "(?s).{1," + Settings.Creation.MAX_DESCRIPTION + "}",
          "at most 2048 characters");

  /** Beyond 15 AWS allows 50; the library promises what every backend keeps. */
  static final TypedKey<Map<String, String>> TAGS =
      TypedKey.tags(
          "tags", "Tags of new secrets as KEY=VALUE, separated by commas; at most 15.", 15, "aws:");

  public static final List<ConfigKey> ALL =
      TypedKey.keys(
          REGION,
          ENDPOINT,
          STS_ENDPOINT,
          FIPS,
          DUAL_STACK,
          PROFILE,
          ACCESS_KEY_ID,
          SECRET_ACCESS_KEY,
          SESSION_TOKEN,
          ROLE_ARN,
          ROLE_SESSION_NAME,
          EXTERNAL_ID,
          WEB_IDENTITY_TOKEN_FILE,
          CA_FILE,
          ProxySettings.key(),
          MAX_CONNECTIONS,
          KMS_KEY,
          RECOVERY_WINDOW,
          DESCRIPTION,
          TAGS);

  private SettingKeys() {}
}
