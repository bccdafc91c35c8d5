package de.lifetimecircle.secrets.operations.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorePlaceTest {
  private static ServiceEnvironment environment(String facts) {
    return inventory(facts).environment("");
  }

  private static Inventory inventory(String facts) {
    return Inventory.parse(
        """
            version: 1
            service: shop
            owner: team
            environments:
              prod: {%s}
            secrets:
              KEY: {description: key}
            """
            .replace("%s", facts),
        "secrets.yaml");
  }

  private static SecretProvider provider(String backend, String fact, String value) {
    return SecretProvider.builder()
        .store(FakeStore.create().holding("KEY", "x").fact(fact, value))
        .environment(Map.of())
        .set("backend", backend)
        .build();
  }

  private static String shown(List<StorePlace.Difference> differences) {
    return differences.stream()
        .map(each -> each.fact().replace("environments.prod.", "") + " " + each.actual())
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "aws: {region: eu-central-1, account: '1'}|arn|arn:aws:secretsmanager:eu-central-1:210987654321:secret:x|aws.account 210987654321",
        "aws: {region: eu-central-1}|arn|arn:aws:secretsmanager:us-east-1:210987654321:secret:x|aws.region us-east-1",
        "aws: {region: cn-north-1, account: '210987654321'}|arn|arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:a:b|-",
        "aws: {account: '1'}|arn|no-arn|-",
        "aws: {account: '123456789012'}|arn|arn:aws:secretsmanager:eu-central-1:210987654321:secret:x|-",
        "aws: {region: eu-central-1, account: '123456789012'}|arn|arn:aws:secretsmanager:us-east-1:210987654321:secret:x|aws.region us-east-1",
        "azure: {vault: shop}|vault|https://shop.vault.azure.net/|-",
        "azure: {vault: Shop}|vault|https://shop.vault.usgovcloudapi.net|-",
        "azure: {vault: shop}|vault|https://shop-test.vault.azure.net/|azure.vault shop-test",
        "azure: {vault: shop}|vault|https://shop-test.privatelink.vaultcore.azure.net/|azure.vault shop-test",
        "azure: {vault: shop}|vault|https://127.0.0.1:8443/|-",
        "azure: {resource-group: shop}|vault|https://other.vault.azure.net/|-",
        "azure: {vault: 00000000-0000-0000-0000-000000000000}|vault|https://shop-test.vault.azure.net/|-",
        "azure: {vault: shop.example}|vault|https://shop-test.vault.azure.net/|-",
        "vault: {mount: secret}|path|secret/data/KEY|-",
        "vault: {mount: team/kv}|path|team/kv/data/KEY|-",
        "vault: {mount: team/kv}|path|team/kv2/data/KEY|vault.mount team",
        "vault: {mount: kv}|path|secret/data/KEY|vault.mount secret",
        "vault: {mount: kv.example}|path|secret/data/KEY|-",
        "vault: {mount: team.example/kv}|path|secret/data/KEY|-",
      })
  void comparesWhatTheInventoryNamesWithTheAnswer(
      String facts, String fact, String value, String expected) {
    try (SecretProvider provider = provider(facts.substring(0, facts.indexOf(':')), fact, value)) {
      assertThat(shown(StorePlace.compare(environment(facts), provider, "KEY").differences()))
          .isEqualTo(expected == null ? "" : expected);
    }
  }

  /** Whoever may only read values sees the region, vault or mount all the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "aws: {region: eu-central-1, account: '1'}|aws.region|us-east-1|ACCESS_DENIED|aws.region us-east-1|aws.account",
        "aws: {region: us-east-1, account: '1'}|aws.region|us-east-1|ACCESS_DENIED|-|aws.account",
        "aws: {region: eu-central-1, account: '1'}|timeout|10s|ACCESS_DENIED|-|aws.region, aws.account",
        "aws: {region: us-east-1}|aws.region|us-east-1|ACCESS_DENIED|-|-",
        "aws: {account: 1.example}|aws.region|us-east-1|ACCESS_DENIED|-|-",
        "azure: {vault: shop}|azure.vault-url|https://other.vault.azure.net/|ACCESS_DENIED|azure.vault other|-",
        "vault: {mount: kv}|vault.mount|secret|ACCESS_DENIED|vault.mount secret|-",
        "vault: {address: 'https://v.test/'}|vault.address|https://v.test|ACCESS_DENIED|-|vault.mount",
        "vault: {address: 'https://v.test'}|vault.address|https://w.test|ACCESS_DENIED|vault.address https://w.test|vault.mount",
        "vault: {namespace: team}|vault.namespace|team/|ACCESS_DENIED|-|vault.mount",
        "vault: {namespace: team}|vault.address|https://v.test|ACCESS_DENIED|vault.namespace root|vault.mount",
        "vault: {namespace: root}|vault.address|https://v.test|ACCESS_DENIED|-|vault.mount",
        "aws: {region: eu-central-1, account: '1'}|aws.region|us-east-1|UNAVAILABLE|-|-",
      })
  void comparesTheConfigurationWithoutTheRightToDescribe(
      String facts, String key, String value, String kind, String differences, String unknown) {
    FakeStore store = FakeStore.create().holding("KEY", "x");
    store.always(Op.DESCRIBE, "KEY", FakeStep.fail(SecretException.Kind.valueOf(kind)));
    String backend = facts.substring(0, facts.indexOf(':'));
    try (SecretProvider denied = denied(store, Map.of("backend", backend, key, value))) {
      StorePlace.Comparison found = StorePlace.compare(environment(facts), denied, "KEY");
      assertThat(shown(found.differences())).isEqualTo(differences == null ? "" : differences);
      assertThat(String.join(", ", found.unknown()).replace("environments.prod.", ""))
          .isEqualTo(unknown == null ? "" : unknown);
    }
  }

  /** A new secret has no ARN, and then the login tells the account. */
  @ParameterizedTest
  @CsvSource({
    "arn,arn:aws:secretsmanager:eu-central-1:210987654321:secret:x,KEY,no",
    "arn,arn:aws:secretsmanager:eu-central-1:111122223333:secret:x,KEY,yes",
    "principal,arn:aws:sts::210987654321:assumed-role/ci/x,FRESH,no",
    "principal,arn:aws:iam::111122223333:user/anna,FRESH,yes",
    "principal,not asked: aws.endpoint is set,FRESH,unknown",
  })
  void aWriterIsComparedByTheAccount(String fact, String value, String stored, String same) {
    InventoryLocation site =
        new InventoryLocation(
            Path.of(""),
            "secrets.yaml",
            inventory("aws: {account: '111122223333'}"),
            environment("aws: {account: '111122223333'}"),
            "");
    List<String> hints = new ArrayList<>();
    try (SecretProvider provider = provider("aws", fact, value)) {
      if (same.equals("no")) {
        assertThatThrownBy(() -> StorePlace.requireAccount(site, provider, stored, hints::add))
            .hasMessageContaining("aws.account is 111122223333, and the store is 210987654321")
            .hasMessageContaining("secrets.yaml' to correct environments.prod.aws.account");
      } else {
        StorePlace.requireAccount(site, provider, stored, hints::add);
        assertThat(hints).hasSize(same.equals("unknown") ? 1 : 0);
      }
    }
  }

  /** A provider with the settings of a real backend; those of a store in code are redacted. */
  private static SecretProvider denied(FakeStore store, Map<String, String> settings) {
    SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).set("retries", "0").build();
    return (SecretProvider)
        Proxy.newProxyInstance(
            SecretProvider.class.getClassLoader(),
            new Class<?>[] {SecretProvider.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("settings")) {
                return settings.entrySet().stream()
                    .map(each -> new Setting(each.getKey(), each.getValue(), "test"))
                    .toList();
              }
              try {
                return method.invoke(provider, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void asksNoBackendThatTheInventoryDoesNotName() {
    FakeStore store = FakeStore.create().holding("KEY", "x");
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).set("backend", "aws").build()) {
      assertThat(StorePlace.compare(environment("prefix: shop/"), provider, "KEY"))
          .isEqualTo(new StorePlace.Comparison(List.of(), List.of()));
      assertThat(store.calls()).isZero();
    }
  }
}
