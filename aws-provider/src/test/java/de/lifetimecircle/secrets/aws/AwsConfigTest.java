package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.SettingKeys;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings mean, and what is said of wrong ones. */
class AwsConfigTest {
  private static Settings read(Map<String, String> values, Map<String, String> environment) {
    return Settings.of(
        new StoreConfig(
            values,
            name -> Optional.ofNullable(environment.get(name)),
            Duration.ofSeconds(3),
            InstantSource.system()));
  }

  private static Settings read(Map<String, String> values) {
    return read(values, Map.of("HOME", "/nowhere"));
  }

  private static SecretException refusal(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(Map.of("region", "eu-central-1"));
    all.putAll(values);
    SecretException refusal = catchThrowableOfType(SecretException.class, () -> read(all));
    assertThat(refusal.kind()).isEqualTo(Kind.CONFIGURATION);
    return refusal;
  }

  @Test
  void regionComesFromTheSettingThenTheEnvironmentThenTheProfile(@TempDir Path home)
      throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(
        home.resolve(".aws/config"),
        "[default]\nregion = eu-west-1\n[profile other]\nregion = eu-west-2\n");
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    assertThat(read(Map.of(), environment).region()).isEqualTo("eu-west-1");
    assertThat(read(Map.of("profile", "other"), environment).region()).isEqualTo("eu-west-2");
    environment.put("AWS_PROFILE", "other");
    assertThat(read(Map.of(), environment).region()).isEqualTo("eu-west-2");
    environment.put("AWS_DEFAULT_REGION", "eu-north-1");
    assertThat(read(Map.of(), environment).region()).isEqualTo("eu-north-1");
    environment.put("AWS_REGION", "us-gov-west-1");
    assertThat(read(Map.of(), environment).region()).isEqualTo("us-gov-west-1");
    assertThat(read(Map.of("region", "eu-south-1"), environment).region()).isEqualTo("eu-south-1");
  }

  /** As every AWS program in Java: the properties of the JVM before the variables. */
  @ParameterizedTest
  @CsvSource({
    "aws.region, eu-south-2, eu-south-2",
    "aws.profile, other, eu-west-2",
    "aws.configFile, HERE/moved, eu-central-2",
    "aws.sharedCredentialsFile, HERE/moved-credentials, eu-west-3"
  })
  void propertyOfTheJvmGoesBeforeTheVariable(
      String property, String value, String region, @TempDir Path home) throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(
        home.resolve(".aws/config"),
        "[profile used]\nregion = eu-west-1\n[profile other]\nregion = eu-west-2\n");
    Files.writeString(home.resolve("moved"), "[profile used]\nregion = eu-central-2\n");
    Files.writeString(home.resolve("moved-credentials"), "[used]\nregion = eu-west-3\n");
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "HOME", home.toString(),
                "AWS_PROFILE", "used",
                "AWS_CONFIG_FILE", home.resolve(".aws/config").toString()));
    if (property.equals("aws.region")) {
      environment.put("AWS_REGION", "us-gov-west-1");
    }
    System.setProperty(property, value.replace("HERE", home.toString()));
    try {
      assertThat(read(Map.of(), environment).region()).isEqualTo(region);
      assertThat(read(Map.of("region", "eu-south-1"), environment).region())
          .isEqualTo("eu-south-1");
    } finally {
      System.clearProperty(property);
    }
  }

  @Test
  void missingRegionSaysWhatToSet() {
    SecretException refusal = catchThrowableOfType(SecretException.class, () -> read(Map.of()));
    assertThat(refusal.problems())
        .containsExactly(
            "aws.region: not set (expected: aws.region, AWS_REGION, or a region in the AWS"
                + " profile)");
  }

  @Test
  void defaultsAreSafe() {
    Settings config = read(Map.of("region", "eu-central-1"));
    assertThat(config.recoveryDays()).isEqualTo(30);
    assertThat(config.maxConnections()).isEqualTo(16);
    assertThat(config.endpoint().named()).isEmpty();
    assertThat(config.endpoint().shown())
        .isEqualTo("https://secretsmanager.eu-central-1.amazonaws.com (region eu-central-1)");
    assertThat(config.login().source()).isEqualTo(Settings.Source.CHAIN);
    assertThat(config.options().fips().isOn()).isFalse();
    assertThat(config.creation().tags()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "region | mars | aws.region: mars (expected: a region",
        "fips | yes | aws.fips: yes (expected: true or false)",
        "endpoint | http://example.com | aws.endpoint: http://example.com (expected: https",
        "endpoint | ftp://localhost | aws.endpoint: ftp://localhost",
        "endpoint | https://u:pass@h | aws.endpoint: https://h",
        "endpoint | a b | aws.endpoint: not an address",
        "endpoint | https://h/path | aws.endpoint: https://h",
        "proxy | http://u:pass@h | aws.proxy: not of that form (expected: http://",
        "proxy | https://h:1 | aws.proxy: not of that form",
        "proxy | http://h | aws.proxy: not of that form",
        "max-connections | 0 | aws.max-connections: 0 (expected: 1 to 1000)",
        "max-connections | many | aws.max-connections: many",
        "recovery-window | 6d | aws.recovery-window: 6d (expected: 7d to 30d)",
        "recovery-window | 31d | aws.recovery-window: 31d (expected: 7d to 30d)",
        "recovery-window | week | aws.recovery-window: week",
        "ca-file | /nowhere/ca.pem | aws.ca-file: /nowhere/ca.pem cannot be used",
        "kms-key | a key | aws.kms-key: a key (expected",
        "tags | a | aws.tags: a (expected: KEY=VALUE",
        "tags | a=1,a=2 | aws.tags: a (expected: KEY=VALUE, each key once",
        "tags | aws:x=1 | aws.tags: aws:x (expected",
        "tags | a=1,,b=2 | aws.tags: (empty) (expected",
        "role-arn | role | aws.role-arn: role (expected: a role's ARN)",
        "external-id | x1 | aws.external-id: set without aws.role-arn",
        "role-session-name | x1 | aws.role-session-name: set without aws.role-arn",
        "web-identity-token-file | /t | aws.role-arn: not set (expected: the role that the web",
        "access-key-id | AKIAAAAAAAAAAAAAAAAA | aws.access-key-id, aws.secret-access-key: one",
        "session-token | t | aws.session-token: set without aws.access-key-id"
      })
  void mistakeIsNamedWithWhatWasExpected(String key, String value, String problem) {
    SecretException refusal = refusal(Map.of(key, value));
    assertThat(refusal.problems()).anySatisfy(p -> assertThat(p).startsWith(problem));
    assertThat(refusal).hasMessageNotContaining("pass");
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    SecretException refusal =
        refusal(
            Map.of(
                "fips", "maybe",
                "recovery-window", "1d",
                "max-connections", "-1",
                "role-arn", "x",
                "tags", "="));
    assertThat(refusal.problems()).hasSize(5);
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    String key = "AKIAAAAAAAAAAAAAAAAA";
    assertThat(
            refusal(
                    Map.of(
                        "profile",
                        "p",
                        "access-key-id",
                        key,
                        "secret-access-key",
                        "s",
                        "web-identity-token-file",
                        "/t",
                        "role-arn",
                        "arn:aws:iam::123456789012:role/r"))
                .problems())
        .containsExactly(
            "aws.access-key-id, aws.profile, aws.web-identity-token-file: set together (expected:"
                + " one of them)");
    assertThat(
            refusal(Map.of("endpoint", "https://h", "fips", "true", "dual-stack", "true"))
                .problems())
        .hasSize(2);
    assertThat(
            refusal(
                    Map.of(
                        "web-identity-token-file",
                        "/t",
                        "role-arn",
                        "arn:aws:iam::123456789012:role/r",
                        "external-id",
                        "e1"))
                .problems())
        .hasSize(1);
  }

  @Test
  void moreTagsThanEveryBackendKeepsAreRefused() {
    StringBuilder tags = new StringBuilder("t0=v");
    for (int i = 1; i < 16; i++) {
      tags.append(",t").append(i).append("=v");
    }
    assertThat(refusal(Map.of("tags", tags.toString())).problems())
        .containsExactly(
            "aws.tags: 16 tags (expected: KEY=VALUE, each key once, at most 15, of 1 to 128 and 0"
                + " to 256 characters, not beginning with aws:)");
  }

  @Test
  void keysAreNeverShown() {
    Map<String, String> values =
        Map.of(
            "access-key-id", "not a key id",
            "secret-access-key", "wJalrXUtnFEMI",
            "session-token", "FwoGZXIvYXdz");
    assertThat(refusal(values))
        .hasMessageNotContaining("not a key id")
        .hasMessageNotContaining("wJalr")
        .hasMessageNotContaining("FwoG");
    assertThat(SettingKeys.ALL)
        .filteredOn(key -> key.sensitivity() == ConfigKey.Sensitivity.SECRET)
        .extracting(ConfigKey::name)
        .containsExactly("access-key-id", "secret-access-key", "session-token", "proxy");
  }

  @Test
  void checkedSettingsShowNoKey() {
    Settings config =
        read(
            Map.of(
                "region", "eu-central-1",
                "access-key-id", "AKIAAAAAAAAAAAAAAAAA",
                "secret-access-key", "wJalrXUtnFEMI"));
    assertThat(List.of(config, config.login(), config.login().keys()).toString())
        .doesNotContain("AKIA")
        .doesNotContain("wJalr");
  }

  @Test
  void ownAuthorityIsRead(@TempDir Path folder) {
    Path ca = TestAuthority.create().writePem(folder);
    assertThat(read(Map.of("region", "eu-central-1", "ca-file", ca.toString())).tls()).isPresent();
  }

  /** The AWS CLI and boto3 read the authorities of a proxy from there. */
  @Test
  void authorityOfTheEnvironmentOrTheProfileIsReadUnlessTheSettingNamesOne(@TempDir Path folder)
      throws IOException {
    String ca = TestAuthority.create().writePem(folder).toString();
    Path profiles = folder.resolve("config");
    Map<String, String> region = Map.of("region", "eu-central-1");
    Map<String, String> own = Map.of("region", "eu-central-1", "ca-file", ca);
    Map<String, String> good = Map.of("HOME", "/nowhere", "AWS_CA_BUNDLE", ca);
    Map<String, String> bad = Map.of("HOME", "/nowhere", "AWS_CA_BUNDLE", "/no/such.pem");
    Map<String, String> blank =
        Map.of("AWS_CONFIG_FILE", profiles.toString(), "AWS_CA_BUNDLE", " ");
    assertThat(read(region).tls()).isEmpty();
    assertThat(read(region, good).tls()).isPresent();
    assertThat(read(own, bad).tls()).isPresent();
    assertThat(catchThrowableOfType(SecretException.class, () -> read(region, bad)))
        .hasMessageContaining("AWS_CA_BUNDLE: /no/such.pem cannot be used");
    Files.writeString(profiles, "[default]\nca_bundle = " + ca + "\n");
    assertThat(read(region, blank).tls()).isPresent();
    Files.writeString(profiles, "[default]\nca_bundle = /no/other.pem\n");
    assertThat(catchThrowableOfType(SecretException.class, () -> read(region, blank)))
        .hasMessageContaining("profile 'default', ca_bundle: /no/other.pem cannot be used");
  }

  @Test
  void openingAsksNobody() {
    // Neither this host nor that of STS exists, and there are no credentials at all.
    AwsStoreFactory factory = new AwsStoreFactory();
    var store =
        factory.open(
            new StoreConfig(
                Map.of("region", "eu-central-1", "endpoint", "https://no-such-host.invalid"),
                name -> Optional.empty(),
                Duration.ofSeconds(1),
                InstantSource.system()));
    store.close();
    assertThat(factory.scheme()).isEqualTo("aws");
    assertThat(factory.keys()).isEqualTo(SettingKeys.ALL);
  }
}
