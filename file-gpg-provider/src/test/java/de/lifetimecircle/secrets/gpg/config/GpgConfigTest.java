package de.lifetimecircle.secrets.gpg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpgConfigTest {
  private static StoreConfig config(Map<String, String> values, Map<String, String> environment) {
    return new StoreConfig(
        values,
        name -> Optional.ofNullable(environment.get(name)),
        Duration.ofSeconds(5),
        InstantSource.system());
  }

  @Test
  void defaultsFollowTheUsersFolders() {
    GpgConfig plain = GpgConfig.of(config(Map.of(), Map.of("HOME", "/home/u")));
    assertThat(plain.store()).hasToString("/home/u/.local/share/lifetimecircle-secrets/store");
    assertThat(plain.keySource().file())
        .hasToString("/home/u/.config/lifetimecircle-secrets/key.pgp");
    assertThat(plain.retention()).isEqualTo(10);
    GpgConfig moved =
        GpgConfig.of(
            config(
                Map.of(),
                Map.of(
                    "HOME", "/home/u", "XDG_DATA_HOME", "/data", "XDG_CONFIG_HOME", "relative")));
    assertThat(moved.store()).hasToString("/data/lifetimecircle-secrets/store");
    assertThat(moved.keySource().file())
        .hasToString("/home/u/.config/lifetimecircle-secrets/key.pgp");
  }

  @Test
  void tildeIsTheHome() {
    GpgConfig config = GpgConfig.of(config(Map.of("store", "~/s"), Map.of("HOME", "/home/u")));
    assertThat(config.store()).hasToString("/home/u/s");
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("store", "/s");
    wrong.put("key-file", "/s/key.pgp");
    wrong.put("agent-socket", "/a");
    wrong.put("passphrase-file", "p");
    wrong.put("passphrase-variable", "P");
    wrong.put("signers", "ABC");
    wrong.put("foreign-edits", "maybe");
    wrong.put("retention", "1");
    wrong.put("high-water-file", "/s/mark");
    assertThatThrownBy(() -> GpgConfig.of(config(wrong, Map.of())))
        .isInstanceOfSatisfying(
            SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION))
        .hasMessageContaining("8 mistakes")
        .hasMessageContaining("gpg.agent-socket, gpg.certificate")
        .hasMessageContaining("gpg.key-file: set beside")
        .hasMessageContaining("gpg.key-file: /s/key.pgp (expected: outside")
        .hasMessageContaining("gpg.passphrase-variable")
        .hasMessageContaining("gpg.signers: ABC")
        .hasMessageContaining("gpg.foreign-edits: maybe (expected: adopt or reject)")
        .hasMessageContaining("gpg.retention: 1 (expected: 2 to 100)")
        .hasMessageContaining("gpg.high-water-file");
  }

  @Test
  void factoryIsFoundAndOpensWithoutTouchingTheDisk(@TempDir Path home) {
    SecretStoreFactory factory =
        ServiceLoader.load(SecretStoreFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(f -> f.scheme().equals("gpg"))
            .findFirst()
            .orElseThrow();
    assertThat(factory.keys().stream().map(ConfigKey::name))
        .containsExactly(
            "store",
            "key-file",
            "passphrase-file",
            "passphrase-variable",
            "agent-socket",
            "certificate",
            "signers",
            "foreign-edits",
            "retention",
            "high-water-file");
    try (SecretStore store =
        factory.open(config(Map.of("store", home.resolve("s").toString()), Map.of()))) {
      assertThat(store).isInstanceOf(GpgStore.class);
    }
    assertThat(home).isEmptyDirectory();
  }
}
