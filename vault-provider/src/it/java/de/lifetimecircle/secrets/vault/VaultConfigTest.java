package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings: the accepted ones, and the report of all mistakes at once, without a secret. */
final class VaultConfigTest {
  private static final Map<String, String> GOOD =
      Map.of("address", "https://vault.example:8200", "token", "hvs.good");

  private static StoreConfig config(Map<String, String> values, Map<String, String> environment) {
    return new StoreConfig(
        values,
        name -> Optional.ofNullable(environment.get(name)),
        Duration.ofSeconds(1),
        InstantSource.system());
  }

  private static Settings read(Map<String, String> values) {
    return Settings.of(config(values, Map.of()));
  }

  private static List<String> problems(Map<String, String> values) {
    SecretException failure = catchThrowableOfType(SecretException.class, () -> read(values));
    assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
    return failure.problems();
  }

  private static Map<String, String> with(String... more) {
    Map<String, String> values = new java.util.HashMap<>(GOOD);
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return values;
  }

  @Test
  void defaultsAreThoseOfTheDocumentation() {
    Settings config = read(GOOD);
    assertThat(config.mount()).isEqualTo("secret");
    assertThat(config.kvVersion()).isEqualTo(2);
    assertThat(config.field()).isEqualTo(new Settings.Field("value", true));
    assertThat(config.server().maxConnections()).isEqualTo(16);
    assertThat(config.login().word()).isEqualTo("token");
    assertThat(config.toString()).doesNotContain("hvs.good");
  }

  @Test
  void environmentOfTheCommandLineIsUsed() {
    Settings config =
        Settings.of(
            config(
                Map.of(),
                Map.of(
                    "VAULT_ADDR", "https://a.example/",
                    "BAO_ADDR", "https://b.example",
                    "BAO_TOKEN", "t",
                    "VAULT_NAMESPACE", "/team/one/",
                    "VAULT_CACERT", "/etc/ca.pem")));
    assertThat(config.server().address()).isEqualTo("https://a.example");
    assertThat(config.server().namespace()).contains("team/one");
    assertThat(config.server().tls().authorities()).isPresent();
    assertThat(config.login().isRepeatable()).isFalse();
  }

  @Test
  void homeHasTheTokenOfTheCommandLine() {
    Settings config =
        Settings.of(
            config(Map.of("address", "https://a.example"), Map.of("HOME", "/home/somebody")));
    assertThat(config.login().word()).isEqualTo("token file");
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    assertThat(
            problems(
                Map.of(
                    "address", "vault.example",
                    "mount", "a/../b",
                    "kv-version", "3",
                    "field", " ",
                    "field-separator", "/",
                    "auth", "ldap",
                    "proxy", "nowhere",
                    "max-connections", "0",
                    "client-cert-file", "cert.pem",
                    "namespace", "schlüssel")))
        .hasSize(10)
        .allSatisfy(problem -> assertThat(problem).startsWith("vault.").contains("(expected: "));
  }

  @Test
  void credentialsShowInNoMistake() {
    SecretException failure =
        catchThrowableOfType(
            SecretException.class,
            () ->
                read(
                    Map.of(
                        "address", "https://user:canary-a@vault.example",
                        "auth", "userpass",
                        "token", "canary-b",
                        "username", "canary-f/in-the-wrong-place",
                        "password", "canary-c",
                        "password-file", "pw",
                        "secret-id", "canary-d",
                        "proxy", "user:canary-e@proxy:1")));
    assertThat(failure.getMessage()).doesNotContain("canary");
    assertThat(failure.problems()).hasSizeGreaterThan(4);
  }

  @ParameterizedTest
  @CsvSource({
    "token,token-file",
    "token,role-id",
    "approle,token",
    "userpass,jwt-file",
    "kubernetes,secret-id",
    "cert,username",
    "jwt,aws-region",
    "aws,password"
  })
  void settingsOfAnotherLoginAreRefused(String auth, String key) {
    assertThat(problems(with("auth", auth, key, "x")))
        .anySatisfy(problem -> assertThat(problem).startsWith("vault." + key + ":"));
  }

  @Test
  void plainAndWrappedSecretIdContradict() {
    assertThat(
            problems(
                Map.of(
                    "address", "https://a.example",
                    "auth", "approle",
                    "role-id", "r",
                    "secret-id", "s",
                    "wrapped-secret-id", "w")))
        .containsExactly("vault.wrapped-secret-id: set beside a plain secret id (expected: one)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approle", "userpass", "jwt", "kubernetes", "cert"})
  void loginSaysWhatItLacks(String auth) {
    assertThat(problems(Map.of("address", "https://a.example", "auth", auth))).isNotEmpty();
  }

  @Test
  void noTokenAnywhereIsAMistake() {
    assertThat(problems(Map.of("address", "https://a.example")))
        .singleElement()
        .asString()
        .startsWith("vault.token: not set");
  }

  @Test
  void plainHttpToAnotherHostIsRefusedUnlessAllowed() {
    assertThat(problems(with("address", "http://vault.example")))
        .singleElement()
        .asString()
        .contains("plain-http");
    assertThat(read(with("address", "http://vault.example", "plain-http", "allow"))).isNotNull();
    assertThat(read(with("address", "http://127.0.0.1:8200"))).isNotNull();
    assertThat(problems(with("plain-http", "yes"))).hasSize(1);
    assertThat(problems(with("address", "http://127.0.0.1", "ca-file", "ca.pem"))).hasSize(1);
  }

  @Test
  void keysThatBearSecretsSaySo() {
    assertThat(new VaultStoreFactory().keys())
        .filteredOn(key -> key.sensitivity() == ConfigKey.Sensitivity.SECRET)
        .extracting(ConfigKey::name)
        .containsExactly("token", "secret-id", "wrapped-secret-id", "password", "proxy");
    assertThat(new VaultStoreFactory().scheme()).isEqualTo("vault");
  }

  @Test
  void openDoesNoInputAndNoOutput() {
    Map<String, String> nowhere = with("address", "https://no-such-host.invalid");
    try (VaultStore store = VaultTestServer.open(nowhere)) {
      assertThat(store.toString()).doesNotContain("hvs.good");
    }
  }
}
