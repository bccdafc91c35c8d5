package de.lifetimecircle.secrets.operations.documents;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakProbeExtension.class)
class EnvironmentDocumentTest {
  @Test
  void bothLanguagesHaveTheSameTexts() {
    SameTexts.in(EnvironmentDocument.class, "documents");
  }

  @ParameterizedTest
  @EnumSource
  void eachFailureHasAReason(SecretException.Kind kind) {
    String word = EnumText.of(kind);
    String key = "reason." + word.replace(' ', '-');
    assertThat(LocalizedTexts.of(EnvironmentDocument.class, Language.ENGLISH).text(key))
        .isEqualTo(word);
    assertThat(LocalizedTexts.of(EnvironmentDocument.class, Language.GERMAN).text(key))
        .isNotEqualTo(word);
  }

  @Test
  void hasEverythingButValues(LeakProbe probe) {
    FakeStore store =
        FakeStore.create()
            .clock(() -> Instant.parse("2026-03-01T12:00:00Z"))
            .holding("prod/LTC_SECRET_KEY", probe.canary("key"))
            .holding("prod/DB_ADMIN_PW", probe.canary("password"))
            .always(
                FakeStore.Op.DESCRIBE,
                "prod/DB_ADMIN_PW",
                FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    Inventory inventory =
        Inventory.parse(
            InventoryText.example()
                + "  MAIL: {description: mail, issuer: \"https://mail.example/keys\"}\n",
            "example");
    String text;
    try (SecretProvider provider =
        SecretProvider.builder().store(store.secondClient()).set("retries", "0").build()) {
      text =
          EnvironmentDocument.SECRETS.text(
              inventory,
              "",
              provider,
              () -> Instant.parse("2026-03-01T14:00:00Z"),
              Language.ENGLISH);
    }
    probe.look("document", text);
    assertThat(store.calls(FakeStore.Op.FETCH)).isZero();
    assertThat(text)
        .startsWith("=== SECRETS OF lifetimecircle: prod ===\nWritten: 2026-03-01 14:00 UTC\n")
        .contains("\nEmergency: security@lifetimecircle.example\n")
        .contains("\nprod/LTC_SECRET_KEY\n  purpose: Signs the session tokens (JWT)\n")
        .contains(
            "  value: hex 32, made here\n  readers: service, ci\n  version: v1, made 2026-03-01\n")
        .contains("  value: supplied by a person, who gets it at https://mail.example/keys\n")
        .contains("  facts: unknown (access denied)\n")
        .contains(
            "  value: put together from DB_USERNAME, DB_ADMIN_PW, DB_HOST, DB_PORT, DB_NAME\n")
        .contains(
            "  LTC_SECRET_KEY: every 3 months, on 03-01, 06-01, 09-01, 12-01 (next: 2026-06-01)\n")
        .contains("  DB_ADMIN_PW: every 6 months, on 03-01, 09-01 (next: 2026-09-01)\n")
        .contains(
            "  ADMIN_API_TOKEN: every 3 months, on 03-01, 06-01, 09-01, 12-01 (next: unknown)");
  }
}
