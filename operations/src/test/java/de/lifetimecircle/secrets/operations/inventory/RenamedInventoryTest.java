package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RenamedInventoryTest {
  private static final String TEXT =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      secrets:
        'PW': # PW of the database
          description: PW
          generator: hex 16
          rotation: {every: 6 months, grace: 1 hour, alternate: {user: USER, users: [a, b]}}
          hooks: {apply: [./set, PW], test: [./test], retire: [./end]}
        USER: {description: the user}
        PW_2: {description: other}
        URL:
          description: "{PW} is a part"
          template: >-
            postgresql://{USER}:{PW}@{PW_2}/{PW}
          validation: {prefix: "postgresql://"}
      """;

  private static String renamed(String text, String from, String to) {
    return RenamedInventory.of(Inventory.parse(text, "f"), from, to).text();
  }

  @Test
  void changesTheKeyTheTemplatesAndTheUserOnly() {
    assertThat(renamed(TEXT, "PW", "DB/PASSWORD"))
        .isEqualTo(
            TEXT.replace("'PW':", "'DB/PASSWORD':")
                .replace("{USER}:{PW}@{PW_2}/{PW}", "{USER}:{DB/PASSWORD}@{PW_2}/{DB/PASSWORD}"));
    assertThat(renamed(TEXT, "USER", "NAME"))
        .isEqualTo(
            TEXT.replace("user: USER", "user: NAME")
                .replace("  USER:", "  NAME:")
                .replace("{USER}", "{NAME}"));
    assertThat(renamed("\ufeff" + TEXT, "PW_2", "HOST")).contains("  HOST:", "@{HOST}/");
  }

  @Test
  void refusesNamesThatTheInventoryCannotHave() {
    Inventory read = Inventory.parse(TEXT, "f");
    assertThatThrownBy(() -> RenamedInventory.of(read, "NONE", "X"))
        .hasMessageContaining("no secret of that name");
    assertThatThrownBy(() -> RenamedInventory.of(read, "PW", "USER"))
        .hasMessageContaining("already has 'USER'");
    assertThatThrownBy(() -> RenamedInventory.of(read, "PW", "USER-pending"))
        .hasMessageContaining("another form");
    assertThatThrownBy(() -> RenamedInventory.of(read, "PW", "a b"))
        .hasMessageContaining("another form");
  }

  /** An escaped key reads as the name but is not written as it. */
  @Test
  void leavesAFormThatOnlyAPersonCanChange() {
    String text = TEXT.replace("PW_2: {", "\"\\x50W_2\": {");
    assertThatThrownBy(() -> renamed(text, "PW_2", "HOST")).hasMessageContaining("by hand");
  }
}
