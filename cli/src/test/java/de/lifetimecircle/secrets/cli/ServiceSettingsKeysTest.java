package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each documented key of a backend is a setting of the service, or is here with its reason. */
class ServiceSettingsKeysTest {
  private static final Pattern VARIABLE = Pattern.compile("SECRETS_[A-Z0-9_]+");

  /** How the program logs in, its own limits, and what only writers use. */
  @ParameterizedTest
  @CsvSource({
    "aws, profile access-key-id secret-access-key session-token role-arn role-session-name"
        + " external-id web-identity-token-file proxy max-connections kms-key recovery-window"
        + " description tags",
    "azure, credential tenant-id client-id client-secret client-certificate-file"
        + " client-certificate-password federated-token-file proxy max-connections content-type"
        + " tags expires-after",
    "vault, auth auth-mount token token-file role-id secret-id secret-id-file wrapped-secret-id"
        + " wrapped-secret-id-file username password password-file role jwt-file aws-region"
        + " aws-server-id client-cert-file client-key-file proxy max-connections",
    "gpg, key-file passphrase-file passphrase-variable agent-socket certificate retention"
        + " high-water-file"
  })
  void eachKeyIsASettingOfTheServiceOrHasAReason(String scheme, String others) {
    List<String> keys = new ArrayList<>();
    List<Setting> all = new ArrayList<>(List.of(new Setting("backend", scheme, "test")));
    List<String> secret = new ArrayList<>();
    for (ConfigKey key : SecretProviderBuilder.keys()) {
      if (key.name().startsWith(scheme + ".")) {
        keys.add(key.name());
        all.add(new Setting(key.name(), "x", "test"));
        if (key.sensitivity() == ConfigKey.Sensitivity.SECRET) {
          secret.add(key.name());
        }
      }
    }
    ServiceSettings settings = ServiceSettings.of(environment(), provider(all), Map.of());
    assertThat(settings.values().keySet()).noneMatch(secret::contains);
    List<String> known = new ArrayList<>(settings.values().keySet());
    known.removeAll(List.of("backend", "prefix"));
    Stream.of(others.split(" ", -1)).map(key -> scheme + "." + key).forEach(known::add);
    assertThat(known).containsExactlyInAnyOrderElementsOf(keys);
  }

  private static ServiceEnvironment environment() {
    return new ServiceEnvironment(
        "prod", "prod/", Map.of(), Map.of(), ServiceEnvironment.Drills.SCRATCH);
  }

  private static SecretProvider provider(List<Setting> settings) {
    return (SecretProvider)
        Proxy.newProxyInstance(
            ServiceSettingsKeysTest.class.getClassLoader(),
            new Class<?>[] {SecretProvider.class},
            (proxy, method, args) -> settings);
  }

  /** A variable in the words about a login is one that the library reads. */
  @Test
  void theWordsAboutALoginNameRealVariables() throws IOException {
    List<String> real =
        SecretProviderBuilder.keys().stream()
            .map(key -> ServiceSettings.variable(key.name()))
            .toList();
    for (String language : List.of("en", "de")) {
      Properties texts = new Properties();
      Path file =
          Path.of(
              "../operations/src/main/resources/de/lifetimecircle/secrets/operations/handover",
              "handover_" + language + ".properties");
      try (var in = Files.newBufferedReader(file)) {
        texts.load(in);
      }
      for (String scheme : List.of("aws", "azure", "vault", "gpg")) {
        Matcher named = VARIABLE.matcher(texts.getProperty("login." + scheme));
        assertThat(named.results().map(match -> match.group()).toList()).isSubsetOf(real);
      }
    }
  }
}
