package de.lifetimecircle.secrets.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlainStoreFactoryTest {
  @TempDir private Path folder;

  @Test
  void isFoundByItsScheme() {
    try (SecretWriter writer =
            SecretProvider.builder()
                .environment(Map.of())
                .backend("plain")
                .set("plain.folder", folder.resolve("made").toString())
                .buildWriter();
        SecretValue value = SecretValue.of("of a third party")) {
      var unused = writer.put("prod/NAME", value);
      assertThat(writer.provider().get("prod/NAME").asString()).isEqualTo("of a third party");
      assertThat(writer.provider().list("prod/")).containsExactly("prod/NAME");
    }
  }

  @Test
  void saysThatItWantsAFolder() {
    assertThatThrownBy(
            () -> SecretProvider.builder().environment(Map.of()).backend("plain").build())
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("plain.folder: missing (expected: the folder of the files)");
  }
}
