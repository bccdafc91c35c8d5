package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Compares the guide with the code. */
class DocumentationTest {
  private final String guide = Files.readString(Path.of("../docs/generated-values.md"));

  DocumentationTest() throws IOException {}

  @Test
  void theWeakestAndUsualAmountsAreThoseOfTheCode() {
    for (ValueShape.Type type : ValueShape.Type.values()) {
      String row =
          String.format(
              Locale.ROOT, "| `--%s` | %d | %d |", type.unit(), type.usual(), type.minimum());
      assertThat(guide).contains(row);
    }
  }
}
