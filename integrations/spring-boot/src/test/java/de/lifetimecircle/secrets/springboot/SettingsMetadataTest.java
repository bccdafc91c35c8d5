package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What editors offer is what the library takes. */
final class SettingsMetadataTest {
  private static final String FILE = "spring-configuration-metadata.json";

  /** The settings of the starter: name, type, description. */
  private static final List<List<String>> OWN =
      List.of(
          List.of(
              "secrets.require",
              "java.util.List<java.lang.String>",
              "The secrets without which the application does not start."),
          List.of(
              "secrets.require-placeholders",
              "java.lang.Boolean",
              "Whether a secret of a placeholder without a default is required, too.",
              "true"),
          List.of(
              "secrets.ssl",
              "java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.String>>",
              "SSL bundles by name, each with the secrets certificate, private-key and trust."),
          List.of(
              "secrets.validate",
              "java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.String>>",
              "Rules for values by the name of a secret: min-length, prefix, matches, check."),
          List.of(
              "secrets.datasource.secret",
              "java.lang.String",
              "The secret with the login of the database: a URL or the JSON object of RDS."),
          List.of(
              "secrets.datasource.user",
              "java.lang.String",
              "The secret with the name of the database user; needs password and url."),
          List.of(
              "secrets.datasource.password",
              "java.lang.String",
              "The secret with the password of the database user; needs user and url."),
          List.of(
              "secrets.datasource.url",
              "java.lang.String",
              "The JDBC URL without a password; wins over the host in the secret."),
          List.of(
              "secrets.datasource.wait-up-to",
              "java.time.Duration",
              "How long connections wait for a new password while the database refuses the known"
                  + " ones."),
          List.of(
              "secrets.datasource.evict-after-rotation",
              "java.lang.Boolean",
              "Whether the pool replaces its connections after a rotation."),
          List.of(
              "management.health.secrets.enabled",
              "java.lang.Boolean",
              "Whether the health of the secrets is shown."));

  private static String expected() {
    List<String> entries = new ArrayList<>();
    for (List<String> own : OWN) {
      entries.add(entry(own.get(0), own.get(1), own.get(2), own.size() > 3 ? own.get(3) : ""));
    }
    for (ConfigKey key : SecretProviderBuilder.keys()) {
      entries.add(
          entry("secrets." + key.name(), "java.lang.String", key.description(), key.standard()));
    }
    return "{\n  \"properties\": [\n" + String.join(",\n", entries) + "\n  ]\n}\n";
  }

  private static String entry(String name, String type, String description, String standard) {
    String more = standard.isEmpty() ? "" : ",\n      \"defaultValue\": " + quoted(standard);
    return "    {\n      \"name\": "
        + quoted(name)
        + ",\n      \"type\": "
        + quoted(type)
        + ",\n      \"description\": "
        + quoted(description)
        + more
        + "\n    }";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Test
  void theFileNamesEverySettingOfTheLibraryAndOfTheStarter() throws IOException {
    String expected = expected();
    Path made = Files.writeString(Path.of("target", FILE), expected);
    try (InputStream shipped = getClass().getResourceAsStream("/META-INF/" + FILE)) {
      String text = new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).as("copy " + made + " to src/main/resources/META-INF").isEqualTo(expected);
    }
    assertThat(Json.parse(expected)).isInstanceOf(Map.class);
  }

  @Test
  void theBackendsAreAmongThem() {
    assertThat(expected())
        .contains("secrets.backend", "secrets.gpg.store", "secrets.aws.region")
        .contains("secrets.azure.vault-url", "secrets.vault.address");
  }
}
