package de.lifetimecircle.secrets.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend's settings in their three forms; the modules that use it show that they lead there. */
final class BackendTest {
  @TempDir private Path folder;

  @Test
  void settingsConsistOfTheBackendItsPlaceAndItsLogin() {
    try (Backend backend = Backend.start("azure", folder.resolve("new"))) {
      Map<String, String> all = new HashMap<>(Map.of("backend", "azure"));
      all.putAll(backend.place());
      all.putAll(backend.login());
      assertThat(backend.settings()).isEqualTo(all);
      KeyVaultServer server = backend.server(KeyVaultServer.class);
      assertThat(backend.place())
          .containsEntry("azure.vault-url", server.uri().toString())
          .doesNotContainValue(server.clientSecret());
      assertThat(backend.login()).containsEntry("azure.client-secret", server.clientSecret());
      assertThat(backend).asString().isEqualTo("Backend[azure]");
      assertThatThrownBy(() -> backend.server(OpenBaoServer.class))
          .isInstanceOf(ClassCastException.class);
    }
  }

  @Test
  void settingsAreAnEnvironmentAndAFileAsWell() throws IOException {
    Backend backend = Backend.start("gpg", folder);
    Path key = folder.resolve("key.pgp");
    assertThat(backend.environment())
        .containsEntry("SECRETS_BACKEND", "gpg")
        .containsEntry("SECRETS_GPG_KEY_FILE", key.toString());
    Properties file = new Properties();
    file.load(new StringReader(Backend.properties(backend.settings())));
    assertThat(file).isEqualTo(backend.settings());
  }

  @Test
  void otherWordsAreRejected() {
    assertThatThrownBy(() -> Backend.start("gcp", folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scheme: gcp (expected: [gpg, aws, azure, vault])");
  }
}
