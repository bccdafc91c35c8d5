package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.vault.config.SettingKeys;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A wrong namespace, a wrong mount, a gateway in the server's place: all answer 404, and none of
 * that is an empty store or a missing secret.
 */
final class VaultWrongPlaceTest {
  private static final String MOUNT = "secret";
  private static final String CANARY = "canary-7Q2xK9";

  private static VaultTestServer vault;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
    vault.does("sys/namespaces/team", Map.of());
    for (int version : List.of(1, 2)) {
      vault.ask(
          "POST",
          "sys/mounts/kv" + version,
          Map.of("type", "kv", "options", Map.of("version", "" + version)),
          vault.rootToken(),
          "X-Vault-Namespace",
          "team");
    }
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  /** Every operation of the store that an engine has. */
  private static Map<String, Consumer<VaultStore>> operations(int version) {
    Map<String, Consumer<VaultStore>> all = new LinkedHashMap<>();
    all.put("list", store -> store.list(""));
    all.put("list a folder", store -> store.list("a/folder/"));
    all.put("fetch", store -> store.fetch("a/NAME").value().close());
    all.put("describe", store -> store.describe("a/NAME"));
    all.put("delete", store -> store.delete("a/NAME"));
    all.put(
        "put",
        store -> {
          try (SecretValue value = SecretValue.of(CANARY)) {
            store.put(PutRequest.always("a/NAME", value));
          }
        });
    if (version == 2) {
      all.put("versions", store -> store.versions("a/NAME"));
      all.put("fetch a version", store -> store.fetchVersion("a/NAME", "1").value().close());
      all.put("fetch another id", store -> store.fetchVersion("a/NAME", "x").value().close());
      all.put("retire", store -> store.retire("a/NAME", "1"));
      all.put("restore", store -> store.restore("a/NAME"));
      all.put("purge", store -> store.purge("a/NAME"));
      all.put(
          "create",
          store -> {
            try (SecretValue value = SecretValue.of(CANARY)) {
              store.put(PutRequest.createOnly("a/NAME", value));
            }
          });
    }
    return all;
  }

  private static List<Arguments> everyOperation() {
    List<Arguments> all = new ArrayList<>();
    for (int version : List.of(1, 2)) {
      operations(version).keySet().forEach(name -> all.add(Arguments.of(version, name)));
    }
    return all;
  }

  private static SecretException failure(VaultStore store, int version, String operation) {
    Consumer<VaultStore> work =
        java.util.Objects.requireNonNull(operations(version).get(operation), operation);
    SecretException failure = catchThrowableOfType(SecretException.class, () -> work.accept(store));
    assertThat(failure).as(operation).isNotNull();
    assertThat(failure.getMessage()).startsWith("Cannot ").doesNotContain(CANARY);
    return failure;
  }

  private static VaultStore open(String mount, int version, String namespace) {
    Map<String, String> settings = vault.rootSettings(mount, version);
    settings.put(SettingKeys.NAMESPACE.name(), namespace);
    return VaultTestServer.open(settings);
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void wrongNamespaceIsAWrongConfiguration(int version, String operation) {
    try (VaultStore store = open("kv" + version, version, "taem")) {
      SecretException failure = failure(store, version, operation);
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure.getMessage()).contains("namespace").contains("vault.namespace");
    }
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void wrongMountIsAWrongConfiguration(int version, String operation) {
    try (VaultStore store = open("nowhere", version, "team")) {
      SecretException failure = failure(store, version, operation);
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure.getMessage()).contains("vault.mount");
    }
  }

  /** The right namespace still tells an empty store and a missing secret from a wrong place. */
  @ParameterizedTest
  @CsvSource({"1", "2"})
  void rightNamespaceHasAnEmptyStoreAndServesWhatIsPut(int version) {
    try (VaultStore store = open("kv" + version, version, "team")) {
      assertThat(store.list("")).isEmpty();
      assertThat(failure(store, version, "fetch").kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure(store, version, "delete").kind()).isEqualTo(Kind.NOT_FOUND);
      VaultTestServer.put(store, "b/NAME", "held");
      assertThat(store.list("")).containsExactly("b/NAME");
      store.delete("b/NAME");
      assertThat(failure(store, version, "fetch").kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void checkNamesTheNamespaceToo() {
    try (VaultStore store = open("kv2", 2, "taem")) {
      SecretException failure = catchThrowableOfType(SecretException.class, store::check);
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure.getMessage()).contains("vault.namespace");
    }
  }

  @Test
  void loginInAWrongNamespaceIsAWrongConfiguration() {
    Map<String, String> settings = vault.settings(MOUNT, 2, Map.of());
    settings.put(SettingKeys.NAMESPACE.name(), "taem");
    settings.put("auth", "userpass");
    settings.put("username", "u");
    settings.put("password", CANARY);
    try (VaultStore store = VaultTestServer.open(settings)) {
      SecretException failure = failure(store, 2, "fetch");
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure.getMessage()).contains("vault.namespace");
    }
  }

  private static List<Arguments> everyOperationAndForeignAnswer() {
    List<Arguments> all = new ArrayList<>();
    Map<Answer, Kind> answers = new LinkedHashMap<>();
    answers.put(Answer.of(404, "text/html", "<h1>" + CANARY + "</h1>"), Kind.UNAVAILABLE);
    answers.put(Answer.of(404, "text/plain", ""), Kind.UNAVAILABLE);
    answers.put(json("{\"message\":\"no Route matched " + CANARY + "\"}"), Kind.UNAVAILABLE);
    answers.put(json("{\"errors\":[\"unsupported path " + CANARY + "\"]}"), Kind.CONFIGURATION);
    answers.put(json("{\"errors\":[\"route entry not found\"]}"), Kind.CONFIGURATION);
    for (Arguments operation : everyOperation()) {
      answers.forEach(
          (answer, kind) ->
              all.add(Arguments.of(operation.get()[0], operation.get()[1], answer, kind)));
    }
    return all;
  }

  private static Answer json(String body) {
    return Answer.of(404, "application/json", body);
  }

  @ParameterizedTest
  @MethodSource("everyOperationAndForeignAnswer")
  void answerThatIsNotOfAKvEngineIsNoMissingSecret(
      int version, String operation, Answer answer, Kind kind) {
    try (FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:9")).start()) {
      server.intercept(request -> answer);
      Map<String, String> settings =
          Map.of(
              SettingKeys.ADDRESS.name(),
              server.uri().toString(),
              SettingKeys.TOKEN.name(),
              "t",
              SettingKeys.KV_VERSION.name(),
              "" + version);
      try (VaultStore store = VaultTestServer.open(settings)) {
        assertThat(failure(store, version, operation).kind()).isEqualTo(kind);
      }
    }
  }
}
