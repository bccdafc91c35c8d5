package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the settings and capabilities on the page about backends with the code. */
class BackendsDocumentationTest {
  private static final Map<String, Map<String, String>> LEAST =
      Map.of(
          "gpg", Map.of(),
          "aws", Map.of("region", "eu-central-1"),
          "azure", Map.of("vault-url", "https://name.vault.azure.net"),
          "vault", Map.of("address", "https://127.0.0.1:1", "token", "none"));

  private final List<String> page = Files.readAllLines(Path.of("../docs/backends.md"));

  BackendsDocumentationTest() throws IOException {}

  private static SecretStoreFactory factory(String scheme) {
    return ServiceLoader.load(SecretStoreFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.scheme().equals(scheme))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "gpg, gpg, ",
    "aws-moto, aws, ",
    "azure, azure, ",
    "vault-v2, vault, 2",
    "vault-v1, vault, 1"
  })
  void everyCapabilityIsInTheTableAndNoOther(String column, String scheme, String kvVersion) {
    Map<String, String> settings = new HashMap<>(LEAST.get(scheme));
    if (kvVersion != null) {
      settings.put("kv-version", kvVersion);
    }
    StoreConfig config =
        new StoreConfig(
            settings, variable -> Optional.empty(), Duration.ofSeconds(1), InstantSource.system());
    try (SecretStore store = factory(scheme).open(config)) {
      for (Capability capability : Capability.values()) {
        assertThat(cell(capability, column))
            .as("%s of %s", capability, column)
            .isEqualTo(store.capabilities().contains(capability) ? "yes" : "-");
      }
    }
  }

  private String cell(Capability capability, String column) {
    int index = cells("| |").indexOf(column);
    return cells("| " + capability.name() + " |").get(index);
  }

  private List<String> cells(String start) {
    String line =
        page.stream()
            .filter(l -> l.startsWith(start) || l.startsWith(start.replace("| |", "|  |")))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no row " + start));
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
  }

  @Test
  void everyBackendThatShipsIsOnThePage() {
    assertThat(ServiceLoader.load(SecretStoreFactory.class).stream().map(p -> p.get().scheme()))
        .contains("gpg", "aws", "azure", "vault");
  }
}
