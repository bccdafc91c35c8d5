package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.testkit.FakeStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an inventory says of a value means the same in the configuration of a service. */
class ValueRulesTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql-url, true, postgresql://app:pw@ltc_db:5432/ltc",
    "postgresql-url, true, 'postgresql://app:pw@h1:5432,h2:5432/ltc'",
    "postgresql-url, true, postgresql://app:pw@%2Fvar%2Frun%2Fpostgresql/ltc",
    "postgresql-url, true, postgres://[::1]/ltc?sslmode=verify-full",
    "postgresql-url, false, postgresql://app:p@ss@db/ltc",
    "postgresql-url, false, postgresql://app:p@ss/word@db/ltc",
    "postgresql-url, false, postgresql://app:100%@db/ltc",
    "postgresql-url, false, postgresql://db:99999/ltc",
    "postgresql-url, false, postgresql:///ltc",
    "json-object, true, {}",
    "json-object, false, []",
    "hex, true, 00fF",
    "hex, false, 0x",
  })
  void aServiceTakesWhatAnInventoryTakes(String check, boolean taken, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      assertThat(new ValueRules(0, null, null, check).broken(value).isEmpty()).isEqualTo(taken);
    }
    try (SecretProvider service =
        SecretProvider.builder()
            .store(FakeStore.create().holding("X", text))
            .set("validate.X.check", check)
            .set("retries", "0")
            .build()) {
      if (taken) {
        assertThat(service.get("X").value().asString()).isEqualTo(text);
      } else {
        assertThatThrownBy(() -> service.get("X")).isInstanceOf(SecretException.class);
      }
    }
  }
}
