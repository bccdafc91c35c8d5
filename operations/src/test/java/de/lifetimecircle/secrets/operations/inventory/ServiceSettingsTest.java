package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSettingsTest {
  private static ServiceEnvironment environment(String prefix, String scheme, String... fact) {
    Map<String, Map<String, String>> facts =
        fact.length == 0 ? Map.of() : Map.of(scheme, Map.of(fact[0], fact[1]));
    return new ServiceEnvironment(
        "prod", prefix, facts, Map.of(), ServiceEnvironment.Drills.SCRATCH);
  }

  /** The settings where the provider has these keys and the backend reports these facts. */
  private static ServiceSettings used(
      ServiceEnvironment environment,
      String scheme,
      Map<String, String> settings,
      Map<String, String> facts) {
    var builder = SecretProvider.builder().environment(Map.of()).store(FakeStore.create());
    builder.set("backend", scheme);
    settings.forEach(builder::set);
    try (SecretProvider provider = builder.build()) {
      return ServiceSettings.of(environment, provider, facts);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aws, region, eu-central-1, SECRETS_AWS_REGION=eu-central-1",
    "azure, vault, ltc, SECRETS_AZURE_VAULT_URL=https://ltc.vault.azure.net",
    "vault, mount, team/kv, SECRETS_VAULT_MOUNT=team/kv",
    "gpg, folder, /srv/store, SECRETS_GPG_STORE=/srv/store"
  })
  void theInventoryAloneSaysBackendPlaceAndPrefix(
      String scheme, String fact, String value, String variable) {
    assertThat(ServiceSettings.of(environment("prod/", scheme, fact, value), scheme).variables())
        .containsExactly("SECRETS_BACKEND=" + scheme, variable, "SECRETS_PREFIX=prod/");
  }

  @Test
  void theServerAndItsNamespaceAreOfTheInventory() {
    assertThat(
            ServiceSettings.of(environment("prod/", "vault", "address", "https://v"), "vault")
                .variables())
        .contains("SECRETS_VAULT_ADDRESS=https://v", "SECRETS_VAULT_MOUNT=secret");
    assertThat(
            ServiceSettings.of(environment("prod/", "vault", "namespace", "team"), "vault")
                .value("vault.namespace"))
        .isEqualTo("team");
    assertThat(
            ServiceSettings.of(environment("prod/", "vault", "namespace", "root"), "vault")
                .value("vault.namespace"))
        .isEmpty();
  }

  @Test
  void anOpenPlaceIsTheOneInUse() {
    assertThat(
            used(
                    environment("", "vault"),
                    "vault",
                    Map.of("prefix", "team/"),
                    Map.of("address", "https://v", "namespace", "n", "mount", "kv", "login", "x"))
                .variables())
        .containsExactly(
            "SECRETS_BACKEND=vault",
            "SECRETS_VAULT_ADDRESS=https://v",
            "SECRETS_VAULT_NAMESPACE=n",
            "SECRETS_VAULT_MOUNT=kv",
            "SECRETS_PREFIX=team/");
    assertThat(used(environment("", "azure"), "azure", Map.of(), Map.of("vault", "https://v")))
        .extracting(settings -> settings.value("azure.vault-url"))
        .isEqualTo("https://v");
  }

  /** The endpoint of the region is no setting: it would keep the service from another region. */
  @ParameterizedTest
  @CsvSource({
    "https://secretsmanager.eu-central-1.amazonaws.com (region eu-central-1),''",
    "https://vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com (aws.endpoint),"
        + "https://vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com",
    "http://127.0.0.1:5000 (AWS_ENDPOINT_URL),http://127.0.0.1:5000"
  })
  void anEndpointIsNamedOnlyIfItIsNotThatOfTheRegion(String fact, String expected) {
    assertThat(
            used(environment("", "aws"), "aws", Map.of(), Map.of("endpoint", fact))
                .value("aws.endpoint"))
        .isEqualTo(expected);
  }

  /** The server has the folder of the inventory; the record of a delivery must hold elsewhere. */
  @Test
  void aPathOfThisMachineIsLeftOutOfWhatOthersCompare() {
    Map<String, String> facts = Map.of("store", "here/store");
    ServiceSettings named =
        used(environment("", "gpg", "folder", "/srv/store"), "gpg", Map.of(), facts);
    assertThat(named.value("gpg.store")).isEqualTo("/srv/store");
    assertThat(named.lasting()).isEqualTo(named);
    ServiceSettings open = used(environment("", "gpg"), "gpg", Map.of(), facts);
    assertThat(open.value("gpg.store"))
        .isEqualTo(Path.of("here/store").toAbsolutePath().toString());
    assertThat(open.pathVariables()).containsExactly("SECRETS_GPG_STORE");
    assertThat(open.lasting().variables())
        .containsExactly("SECRETS_BACKEND=gpg", "SECRETS_GPG_STORE=PATH");
  }
}
