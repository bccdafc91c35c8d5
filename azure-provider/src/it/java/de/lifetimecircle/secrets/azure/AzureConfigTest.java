package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.LoginSettings;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureConfigTest {
  private static final String VAULT = "https://team.vault.azure.net";

  private static AzureTestVault vault() {
    return new AzureTestVault().with("vault-url", VAULT);
  }

  private static Settings read(AzureTestVault vault) {
    return Settings.of(vault.config());
  }

  private static List<String> problems(AzureTestVault vault) {
    SecretException failure = catchThrowableOfType(SecretException.class, () -> read(vault));
    assertThat(failure).as("an exception").isNotNull();
    assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
    return failure.problems();
  }

  private static AzureTestVault application() {
    return vault()
        .with("credential", "client-secret")
        .with("tenant-id", "contoso.example")
        .with("client-id", "11111111-2222-3333-4444-555555555555")
        .with("client-secret", "s3cr3t-value");
  }

  @Test
  void vaultAloneIsEnough() {
    Settings config = read(vault());
    assertThat(config.vault()).isEqualTo(URI.create(VAULT));
    assertThat(config.naming()).isEqualTo(Naming.MAPPED);
    assertThat(config.login().kind()).isEqualTo(LoginSettings.Kind.DEFAULT);
    assertThat(config.login().authority()).isEqualTo("https://login.microsoftonline.com/");
    assertThat(config.maxConnections()).isEqualTo(20);
    assertThat(config.challengeVerification()).isTrue();
    assertThat(config.write().expiresAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://v.vault.azure.cn, https://login.chinacloudapi.cn/",
    "https://v.vault.usgovcloudapi.net/, https://login.microsoftonline.us/",
    "https://v.vault.microsoftazure.de, https://login.microsoftonline.de/",
    "https://vault.example:8443, https://login.microsoftonline.com/",
    "https://TEAM.VAULT.AZURE.NET, https://login.microsoftonline.com/"
  })
  void loginIsInTheCloudOfTheVault(String url, String authority) {
    Settings config = read(new AzureTestVault().with("vault-url", url));
    assertThat(config.login().authority()).isEqualTo(authority);
  }

  @Test
  void environmentNamesTheAuthorityAndASettingGoesBefore() {
    AzureTestVault vault = vault();
    vault.environment.put("AZURE_AUTHORITY_HOST", "https://login.chinacloudapi.cn");
    assertThat(read(vault).login().authority()).isEqualTo("https://login.chinacloudapi.cn/");
    vault.with("authority", "https://login.example/");
    assertThat(read(vault).login().authority()).isEqualTo("https://login.example/");
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    AzureTestVault vault =
        new AzureTestVault()
            .with("vault-url", "http://team.vault.azure.net")
            .with("names", "other")
            .with("credential", "password")
            .with("authority", "login")
            .with("proxy", "http://user:pass@proxy")
            .with("max-connections", "0")
            .with("content-type", " ")
            .with("tags", "=x,secrets-seq=1,a=b,a=c")
            .with("expires-after", "-1d")
            .with("instance-discovery", "yes")
            .with("api-version", "7.99");
    List<String> problems = problems(vault);
    assertThat(problems).allSatisfy(p -> assertThat(p).startsWith("azure.").contains("expected"));
    assertThat(String.join("\n", problems))
        .contains("azure.vault-url", "azure.names", "azure.credential", "azure.authority")
        .contains("azure.proxy", "azure.max-connections", "azure.content-type", "azure.tags")
        .contains("azure.expires-after", "azure.instance-discovery", "azure.api-version")
        .doesNotContain("pass@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team",
        "team.vault.azure.net",
        "ftp://team.vault.azure.net",
        "https://user@team.vault.azure.net",
        "https://team.vault.azure.net/secrets",
        "https://team.vault.azure.net?x=1",
        "https://",
        "https://a b",
        ""
      })
  void otherUrlIsRefused(String url) {
    assertThat(problems(new AzureTestVault().with("vault-url", url)))
        .singleElement()
        .asString()
        .startsWith("azure.vault-url: ");
  }

  @Test
  void missingVaultIsReported() {
    assertThat(problems(new AzureTestVault()))
        .containsExactly(
            "azure.vault-url: not set (expected: https://NAME.vault.azure.net, without a path)");
  }

  @Test
  void credentialNeedsItsSettingsAndTakesNoOthers() {
    assertThat(problems(vault().with("credential", "client-secret")))
        .hasSize(3)
        .allSatisfy(problem -> assertThat(problem).contains("not set"));
    assertThat(problems(application().with("federated-token-file", "/run/token")))
        .containsExactly(
            "azure.federated-token-file: set beside azure.credential=client-secret"
                + " (expected: only with workload-identity)");
    assertThat(problems(vault().with("client-secret", "s3cr3t-value")))
        .singleElement()
        .asString()
        .contains("only with client-secret")
        .doesNotContain("s3cr3t");
    assertThat(problems(vault().with("credential", "managed-identity").with("tenant-id", "x")))
        .hasSize(1);
  }

  @Test
  void workloadIsReadFromItsEnvironment() {
    AzureTestVault vault = vault().with("credential", "workload-identity");
    vault.environment.putAll(
        Map.of(
            "AZURE_TENANT_ID", "tenant",
            "AZURE_CLIENT_ID", "client",
            "AZURE_FEDERATED_TOKEN_FILE", "/run/token"));
    LoginSettings login = read(vault).login();
    assertThat(login.tenant()).contains("tenant");
    assertThat(login.clientId()).contains("client");
    assertThat(login.file().orElseThrow()).hasToString("/run/token");
  }

  @Test
  void checksOfAPublicCloudStayOn() {
    assertThat(problems(vault().with("challenge-verification", "off"))).hasSize(1);
    assertThat(problems(vault().with("instance-discovery", "off"))).hasSize(1);
    AzureTestVault own =
        new AzureTestVault()
            .with("vault-url", "https://vault.example")
            .with("authority", "https://login.example")
            .with("challenge-verification", "off")
            .with("instance-discovery", "off");
    assertThat(read(own).challengeVerification()).isFalse();
    assertThat(read(own).login().instanceDiscovery()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"90d, P90D", "12h, PT12H", "30m, PT30M", "45s, PT45S", "P1DT2H, P1DT2H"})
  void lifetimeIsReadAsPeopleWriteIt(String text, Duration time) {
    assertThat(read(vault().with("expires-after", text)).write().expiresAfter()).contains(time);
  }

  @Test
  void tagsAreReadInOrder() {
    assertThat(read(vault().with("tags", "team=a, env=x=y")).write().tags())
        .containsExactlyInAnyOrderEntriesOf(Map.of("team", "a", "env", "x=y"));
    String many = "t0=0";
    for (int i = 1; i <= Tags.MAX_OTHERS; i++) {
      many += ",t" + i + "=" + i;
    }
    assertThat(problems(vault().with("tags", many))).hasSize(1);
  }

  @Test
  void proxyIsReadOrSwitchedOff() {
    URI far = URI.create("https://team.vault.azure.net/");
    assertThat(read(vault().with("proxy", "http://proxy:3128")).proxy().select(far))
        .extracting(Proxy::type)
        .containsExactly(Proxy.Type.HTTP);
    assertThat(read(vault().with("proxy", "direct")).proxy().select(far))
        .containsExactly(Proxy.NO_PROXY);
  }

  @Test
  void nothingShowsACredential() {
    Settings config = read(application());
    assertThat(config + "" + config.login() + application().config())
        .doesNotContain("s3cr3t-value");
    assertThat(application().open()).hasToString("AzureStore[" + VAULT + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant-id", "client-id"})
  void aClientSecretInThePlaceOfAnIdIsNotShown(String key) {
    assertThat(problems(application().with(key, "abc8Q~canary-of-a-secret")))
        .containsExactly(
            "azure." + key + ": not an id (expected: letters, digits, '-' and '.', mostly a UUID)");
  }

  @Test
  void everyKeyIsDocumentedOnceAndSecretsAreMarked() {
    Set<String> names = new HashSet<>();
    for (ConfigKey key : new AzureStoreFactory().keys()) {
      assertThat(names.add(key.name())).isTrue();
      assertThat(key.name()).matches("[a-z-]+");
      assertThat(key.description()).endsWith(".");
      boolean secret = key.sensitivity() == ConfigKey.Sensitivity.SECRET;
      assertThat(secret)
          .isEqualTo(key.name().matches("client-secret|client-certificate-password|proxy"));
    }
  }

  @Test
  void openDoesNoInput() {
    AzureTestVault vault = application().with("ca-file", "/does/not/exist.pem");
    try (AzureStore store = vault.open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch("name"));
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure).hasMessageContaining("/does/not/exist.pem does not exist");
    }
  }
}
