package de.lifetimecircle.secrets.operations.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryTest;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
  private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";

  private final Inventory inventory = Inventory.parse(InventoryText.example(), "example");

  private String policy(AccessPolicy.Audience audience, String backend) {
    return AccessPolicy.text(inventory, "prod", audience, backend);
  }

  private List<Map<?, ?>> statements(AccessPolicy.Audience audience) {
    Map<?, ?> document = (Map<?, ?>) Json.parse(policy(audience, "aws"));
    assertThat(document.get("Version")).isEqualTo("2012-10-17");
    List<Map<?, ?>> statements = new ArrayList<>();
    ((List<?>) document.get("Statement")).forEach(s -> statements.add((Map<?, ?>) s));
    assertThat(statements).allMatch(s -> "Allow".equals(s.get("Effect")));
    return statements;
  }

  private static List<String> texts(Map<?, ?> statement, String key) {
    return ((List<?>) Objects.requireNonNull(statement.get(key)))
        .stream().map(String::valueOf).toList();
  }

  @Test
  void theServiceReadsWhatNamesItAndNothingMore() {
    List<Map<?, ?>> statements = statements(AccessPolicy.Audience.SERVICE);
    assertThat(statements).hasSize(2);
    assertThat(texts(statements.get(0), "Resource"))
        .containsExactly(
            ARN + "prod/LTC_SECRET_KEY-??????",
            ARN + "prod/DATABASE_URL-??????",
            ARN + "prod/ADMIN_API_TOKEN-??????");
    assertThat(texts(statements.get(0), "Action")).isEqualTo(AwsPolicy.SERVE);
    assertThat(texts(statements.get(1), "Action")).containsExactly("kms:Decrypt");
    assertThat(texts(statements.get(1), "Resource"))
        .containsExactly(
            "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000");
    assertThat(statements.get(1).get("Condition"))
        .hasToString("{StringEquals={kms:ViaService=secretsmanager.eu-central-1.amazonaws.com}}");
  }

  @Test
  void aDeploymentReadsOnlyAndWhoRotatesDeletesNothing() {
    Map<?, ?> ci = statements(AccessPolicy.Audience.CI).get(0);
    assertThat(texts(ci, "Action")).containsExactly("secretsmanager:GetSecretValue");
    assertThat(texts(ci, "Resource"))
        .containsExactly(ARN + "prod/LTC_SECRET_KEY-??????", ARN + "prod/DATABASE_URL-??????");
    List<Map<?, ?>> rotator = statements(AccessPolicy.Audience.ROTATOR);
    assertThat(texts(rotator.get(0), "Resource")).hasSize(8);
    assertThat(texts(rotator.get(0), "Action")).noneMatch(action -> action.contains("Delete"));
    assertThat(texts(rotator.get(1), "Action")).containsExactly("secretsmanager:ListSecrets");
    assertThat(texts(rotator.get(2), "Action"))
        .containsExactly("kms:Decrypt", "kms:GenerateDataKey");
  }

  /** The six characters are matched one by one: no other secret's name fits. */
  @ParameterizedTest
  @EnumSource(AccessPolicy.Audience.class)
  void noOtherSecretOfTheAccountFits(AccessPolicy.Audience audience) {
    List<String> patterns = texts(statements(audience).get(0), "Resource");
    assertThat(patterns).anyMatch(p -> fits(p, ARN + "prod/LTC_SECRET_KEY-aBcDeF"));
    for (String foreign :
        List.of(
            "prod/LTC_SECRET_KEY_OLD-aBcDeF",
            "prod/LTC_SECRET_KEY-x-aBcDeF",
            "prod/LTC_SECRET_KEY",
            "test/LTC_SECRET_KEY-aBcDeF")) {
      assertThat(patterns).as(foreign).noneMatch(p -> fits(p, ARN + foreign));
    }
  }

  /** As IAM matches: '?' is one character, '*' any number. */
  private static boolean fits(String pattern, String arn) {
    String expression = Pattern.quote(pattern).replace("?", "\\E.\\Q").replace("*", "\\E.*\\Q");
    return Pattern.matches(expression, arn);
  }

  /** Both ways: what the provider calls is granted to somebody, and what is granted is called. */
  @Test
  void grantsWhatTheProviderCallsAndNothingElse() throws IOException {
    Set<String> called = new TreeSet<>();
    boolean tagged = false;
    Pattern call = Pattern.compile("\\bsdk\\s*\\.\\s*([a-z][A-Za-z]+)\\(");
    Path sources = Path.of("../aws-provider/src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        tagged |= source.contains("sdk.createSecret(") && source.contains(".tags(tags)");
        Matcher matcher = call.matcher(source);
        while (matcher.find()) {
          String name = matcher.group(1);
          called.add(
              "secretsmanager:"
                  + name.substring(0, 1).toUpperCase(Locale.ROOT)
                  + name.substring(1));
        }
      }
    }
    // Nobody here deletes; a read of many falls back to single reads, whose right is narrower.
    Set<String> notGranted =
        Set.of(
            "secretsmanager:BatchGetSecretValue",
            "secretsmanager:DeleteSecret",
            "secretsmanager:RestoreSecret");
    assertThat(called).containsAll(notGranted);
    called.removeAll(notGranted);
    called.removeIf(action -> action.equals("secretsmanager:Close"));
    // No call of its own: AWS asks for it where a CreateSecret brings tags.
    assertThat(tagged).isTrue();
    assertThat(called.add("secretsmanager:TagResource")).isTrue();
    Set<String> granted = new TreeSet<>();
    for (AccessPolicy.Audience audience : AccessPolicy.Audience.values()) {
      statements(audience).forEach(s -> granted.addAll(texts(s, "Action")));
    }
    granted.removeIf(action -> action.startsWith("kms:"));
    assertThat(granted).isEqualTo(called);
  }

  @Test
  void azureAssignsARoleForEachSecret() {
    Map<?, ?> document = (Map<?, ?>) Json.parse(policy(AccessPolicy.Audience.CI, "azure"));
    assertThat(document.get("roleAssignments"))
        .hasToString(
            "[{secret=prod/LTC_SECRET_KEY, role=4633458b-17de-408a-b874-0445c86b69e6,"
                + " scope=/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/"
                + "lifetimecircle-prod/providers/Microsoft.KeyVault/vaults/lifetimecircle-prod/"
                + "secrets/prod-s-kltc-usecret-ukey}, {secret=prod/DATABASE_URL,"
                + " role=4633458b-17de-408a-b874-0445c86b69e6, scope=/subscriptions/"
                + "00000000-0000-0000-0000-000000000000/resourceGroups/lifetimecircle-prod/"
                + "providers/Microsoft.KeyVault/vaults/lifetimecircle-prod/secrets/"
                + "prod-s-kdatabase-uurl}]");
    assertThat(policy(AccessPolicy.Audience.ROTATOR, "azure"))
        .contains("\"Name\": \"lifetimecircle prod secrets rotator\"")
        .contains("\"role\": \"lifetimecircle prod secrets rotator\"")
        .contains("setSecret/action", "getSecret/action", "readMetadata/action")
        .doesNotContain("delete/action", "purge", "Officer");
  }

  @Test
  void vaultNamesEachPath() {
    assertThat(policy(AccessPolicy.Audience.CI, "vault"))
        .isEqualTo(
            """
            path "secret/data/prod/LTC_SECRET_KEY" {
              capabilities = ["read"]
            }
            path "secret/data/prod/DATABASE_URL" {
              capabilities = ["read"]
            }
            """);
    String rotator = policy(AccessPolicy.Audience.ROTATOR, "vault");
    assertThat(rotator)
        .startsWith("# This role can delete every version")
        .contains("'vault kv undelete -mount=secret -versions=N NAME'");
    assertThat(rotator.replaceAll("(?m)^#.*\n", ""))
        .contains("secret/data/prod/LTC_SECRET_KEY-pending", "secret/delete/prod/LTC_SECRET_KEY")
        .doesNotContain("\"delete\"", "undelete", "sudo", "destroy");
  }

  @Test
  void gpgSaysWhoOwnsTheFolder() {
    assertThat(policy(AccessPolicy.Audience.SERVICE, "gpg"))
        .contains("install -d -m 0700 -o lifetimecircle -g lifetimecircle /var/lib/lifetimecircle");
    Inventory bare =
        Inventory.parse(InventoryTest.HEAD + "  A: {description: a, readers: [ci]}\n", "bare");
    assertThat(AccessPolicy.text(bare, "", AccessPolicy.Audience.CI, "gpg"))
        .isEqualTo(policy(AccessPolicy.Audience.CI, "gpg"))
        .contains("secrets recipients add");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "gpg"})
  void namesTheFactThatIsMissing(String backend) {
    Inventory bare =
        Inventory.parse(InventoryTest.HEAD + "  A: {description: a, readers: [service]}\n", "bare");
    assertThatThrownBy(() -> AccessPolicy.text(bare, "", AccessPolicy.Audience.SERVICE, backend))
        .hasMessageContaining("environments.prod." + backend + ".");
    assertThatThrownBy(() -> AccessPolicy.text(bare, "", AccessPolicy.Audience.CI, backend))
        .hasMessageContaining("names 'ci' among its readers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret/", "/secret", "/secret//"})
  void aMountIsNamedWithoutItsSlashes(String mount) {
    String text = InventoryText.example().replace("mount: secret", "mount: " + mount);
    for (AccessPolicy.Audience audience : AccessPolicy.Audience.values()) {
      assertThat(AccessPolicy.text(Inventory.parse(text, "slashes"), "", audience, "vault"))
          .isEqualTo(policy(audience, "vault"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alias/ltc",
        "00000000-0000-0000-0000-000000000000",
        "arn:aws:kms:eu-central-1:123456789012:alias/ltc",
        "arn:aws:s3:eu-central-1:123456789012:key/x",
      })
  void aKeyIsNamedByItsArn(String key) {
    String text = InventoryText.example().replaceAll("kms-key: .*", "kms-key: " + key);
    Inventory wrong = Inventory.parse(text, "wrong");
    assertThatThrownBy(() -> AccessPolicy.text(wrong, "", AccessPolicy.Audience.CI, "aws"))
        .hasMessageContaining("kms-key")
        .hasMessageContaining("Correct environments.prod.aws.kms-key");
    String china =
        InventoryText.example()
            .replace("region: eu-central-1", "region: cn-north-1")
            .replaceAll("kms-key: .*", "kms-key: arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1");
    assertThat(
            AccessPolicy.text(Inventory.parse(china, "china"), "", AccessPolicy.Audience.CI, "aws"))
        .contains("arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1");
  }

  @ParameterizedTest
  @CsvSource({
    "cn-north-1, aws-cn, amazonaws.com.cn",
    "us-gov-west-1, aws-us-gov, amazonaws.com",
    "eusc-de-east-1, aws-eusc, amazonaws.eu"
  })
  void aRegionBelongsToItsPartition(String region, String partition, String domain) {
    String key = "arn:" + partition + ":kms:" + region + ":123456789012:key/mrk-1";
    String text =
        InventoryText.example()
            .replace("region: eu-central-1", "region: " + region)
            .replaceAll("kms-key: .*", "kms-key: " + key);
    assertThat(
            AccessPolicy.text(Inventory.parse(text, "other"), "", AccessPolicy.Audience.CI, "aws"))
        .contains("arn:" + partition + ":secretsmanager:" + region + ":")
        .contains("secretsmanager." + region + "." + domain + "\"");
  }

  @Test
  void aPolicyIsNoLargerThanIamTakes() {
    StringBuilder text = new StringBuilder(InventoryText.example());
    for (int i = 0; i < 60; i++) {
      text.append("  S").append(i).append(": {description: s, readers: [ci]}\n");
    }
    String fits =
        AccessPolicy.text(Inventory.parse(text + "", "60"), "", AccessPolicy.Audience.CI, "aws");
    assertThat(fits.replaceAll("\\s", "").length()).isBetween(4_900, 6_144);
    for (int i = 60; i < 80; i++) {
      text.append("  S").append(i).append(": {description: s, readers: [ci]}\n");
    }
    Inventory large = Inventory.parse(text.toString(), "80");
    assertThatThrownBy(() -> AccessPolicy.text(large, "", AccessPolicy.Audience.CI, "aws"))
        .hasMessageContaining("for 82 secrets, and IAM accepts 6144");
    assertThat(AccessPolicy.text(large, "", AccessPolicy.Audience.CI, "vault"))
        .contains("prod/S79");
  }

  @Test
  void anAccountHasTwelveDigits() {
    String text = InventoryText.example().replace("\"123456789012\"", "\"123456789\"");
    Inventory wrong = Inventory.parse(text, "wrong");
    assertThatThrownBy(() -> AccessPolicy.text(wrong, "", AccessPolicy.Audience.CI, "aws"))
        .hasMessageContaining("12 digits");
  }
}
