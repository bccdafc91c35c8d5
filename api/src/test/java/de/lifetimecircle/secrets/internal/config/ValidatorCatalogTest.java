package de.lifetimecircle.secrets.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretValidator;
import de.lifetimecircle.secrets.SecretValue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorCatalogTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql://app:pw@db:5432/ltc, true",
    "postgresql://db/ltc, true",
    "postgres://db, true",
    "postgresql://app:p%40ss%2Fword@db/ltc?sslmode=verify-full, true",
    "postgresql://app:pw@ltc_db:5432/ltc, true",
    "'postgresql://app:pw@h1:5432,h2:5433,h3/ltc?target_session_attrs=read-write', true",
    "postgresql://app:pw@%2Fvar%2Frun%2Fpostgresql/ltc, true",
    "'postgresql://app@[::1]:5432,[2001:db8::2]/ltc', true",
    "postgresql://db:65535, true",
    "postgresql://db:65536, false",
    "postgresql://db:0/ltc, false",
    "'postgresql://h1,/ltc', false",
    "postgresql://app:pw@/ltc, false",
    "postgresql://app:p@ss@db/ltc, false",
    "postgresql://app:p?ss@db/ltc, false",
    "postgresql://app:p#ss@db/ltc, false",
    "postgresql://app:100%@db/ltc, false",
    "postgresql://app:p w@db/ltc, false",
    "postgresql://app:pw@no%20host/ltc, false",
    "postgresql:///ltc, false",
    "postgresql://app:p@ss/word@db/ltc, false",
    "postgresql://db:99999/ltc, false",
    "mysql://db/ltc, false",
    "postgresql, false",
  })
  void knowsAPostgresqlUrl(String text, boolean keeps) {
    assertThat(violates(SecretValidator.ofCheck("postgresql-url"), text)).isNotEqualTo(keeps);
  }

  @Test
  void countsBytesAndLooksAtTheBeginningAndTheWhole() {
    assertThat(violates(ValidatorCatalog.minLength(4), "äö")).isFalse();
    assertThat(violates(ValidatorCatalog.minLength(5), "äö")).isTrue();
    assertThat(violates(ValidatorCatalog.prefix("sk_"), "sk_1")).isFalse();
    assertThat(violates(ValidatorCatalog.prefix("sk_"), "pk_1")).isTrue();
    assertThat(violates(ValidatorCatalog.matches(Pattern.compile("[a-z]+")), "abc")).isFalse();
    assertThat(violates(ValidatorCatalog.matches(Pattern.compile("[a-z]+")), "abc1")).isTrue();
    assertThat(violates(SecretValidator.ofCheck("hex"), "00fF")).isFalse();
    assertThat(violates(SecretValidator.ofCheck("hex"), "")).isTrue();
    assertThat(violates(SecretValidator.ofCheck("json-object"), "{\"a\":1}")).isFalse();
    assertThat(violates(SecretValidator.ofCheck("json-object"), "[1]")).isTrue();
  }

  @Test
  void namesTheChecksThatItHas() {
    assertThatThrownBy(() -> SecretValidator.ofCheck("hexx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("check: hexx (expected: one of [hex, json-object, postgresql-url])");
  }

  @Test
  void bytesThatAreNotTextBreakEveryTextRule() {
    SecretValue value = SecretValue.of(new byte[] {(byte) 0xff});
    assertThat(ValidatorCatalog.prefix("a").violation(value)).contains("expected: UTF-8 text");
  }

  private static boolean violates(SecretValidator rule, String text) {
    return rule.violation(SecretValue.of(text)).isPresent();
  }
}
