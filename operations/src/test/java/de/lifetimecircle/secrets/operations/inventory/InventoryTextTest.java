package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTextTest {
  @TempDir Path folder;

  @Test
  void theExampleIsTidy() {
    assertThat(InventoryText.tidy(InventoryText.example(), "x")).isEqualTo(InventoryText.example());
  }

  @Test
  void putsKeysInOrderAndKeepsComments() {
    String text =
        """
        # head
        service:   s   # inline
        version: 1
        secrets:
            # about A
            A:
                generator: 'hex 32'
                # why
                description: "a: b"
                rotation: {on: [03-01], every: 3 months}

            B:
                description: >-
                  folded
                  text
        owner: o
        environments: {prod: {prefix: prod/}}
        # tail
        """;
    String tidy = InventoryText.tidy(text, "x");
    assertThat(tidy)
        .contains(
            "# head\n", "s # inline\n", "\n  # about A\n  A:\n", "    # why\n    description:")
        .contains("# tail\n")
        .containsSubsequence("version", "service", "owner", "environments", "secrets")
        .containsSubsequence("description", "generator", "rotation", "every", "on");
    assertThat(InventoryText.tidy(tidy, "x")).isEqualTo(tidy);
    assertThat(Inventory.parse(tidy, "x").names()).containsExactly("A", "B");
  }

  /** As the messages about a missing and about an empty inventory advise. */
  @Test
  void anInventoryBeginsInANewFileAndInAnEmptyOneOnly() throws IOException {
    Path elsewhere = folder.resolve("none/secrets.yaml");
    assertThatThrownBy(() -> Inventory.read(elsewhere))
        .hasMessageContaining("no such folder")
        .hasMessageNotContaining("init");
    Path file = folder.resolve("secrets.yaml");
    assertThatThrownBy(() -> Inventory.read(file))
        .hasMessageContaining("'secrets init --inventory " + file + "'");
    Files.writeString(file, "");
    assertThatThrownBy(() -> Inventory.read(file))
        .hasMessageContaining("empty; 'secrets init --inventory " + file + "' writes one");
    InventoryText.begin(file);
    assertThat(file).content().isEqualTo(InventoryText.example());
    Files.writeString(file, "# ours\n");
    assertThatThrownBy(() -> Inventory.read(file)).hasMessageContaining("has no key");
    assertThatThrownBy(() -> InventoryText.begin(file)).isInstanceOf(SecretException.class);
    assertThat(file).content().isEqualTo("# ours\n");
  }

  @Test
  void aFileIsReplacedOnlyWhereItIsNotTidy() throws IOException {
    Path file = folder.resolve("secrets.yaml");
    InventoryText.begin(file);
    assertThat(InventoryText.isTidy(file)).isTrue();
    assertThat(InventoryText.tidy(file)).isFalse();
    assertThatThrownBy(() -> InventoryText.begin(file))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT));
    Files.writeString(file, InventoryText.example().replace("version: 1\n", "version:   1\n"));
    assertThat(InventoryText.isTidy(file)).isFalse();
    assertThat(InventoryText.tidy(file)).isTrue();
    assertThat(file).content().isEqualTo(InventoryText.example());
    assertThat(folder).isDirectoryContaining("glob:**/secrets.yaml");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void nothingIsDoneToAFileWithMistakes() throws IOException {
    Path file = Files.writeString(folder.resolve("secrets.yaml"), "version:   1\n");
    assertThatThrownBy(() -> InventoryText.tidy(file)).hasMessageContaining("service is missing");
    assertThat(file).content().isEqualTo("version:   1\n");
  }
}
