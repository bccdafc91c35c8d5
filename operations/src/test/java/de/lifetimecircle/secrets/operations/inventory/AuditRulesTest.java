package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditRulesTest {
  private static final String REST =
      """
      version: 1
      service: s
      owner: o
      environments:
        prod:
          prefix: prod/
      secrets:
        A:
          description: a
      audit:
      """;

  private static AuditRules rules(String... lines) {
    return Inventory.parse(REST + "  " + String.join("\n  ", lines) + "\n", "f").audit();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-02T08:00:00+01:00[Europe/Berlin], true",
    "2026-03-02T07:59:59+01:00[Europe/Berlin], false",
    "2026-03-02T17:59:59+01:00[Europe/Berlin], true",
    "2026-03-02T18:00:00+01:00[Europe/Berlin], false",
    "2026-03-01T12:00:00+01:00[Europe/Berlin], false", // a Sunday
    "2026-12-25T12:00:00+01:00[Europe/Berlin], false", // a Friday, but a holiday
    "2026-03-30T08:00:00+02:00[Europe/Berlin], true" // the day after summer time began
  })
  void knowsWhenTheTeamWorks(String time, boolean works) {
    AuditRules rules =
        rules(
            "working-hours: 08:00-18:00",
            "days: [mon, tue, wed, thu, fri]",
            "holidays: [2026-12-25]");
    assertThat(rules.isWorkingTime(ZonedDateTime.parse(time))).isEqualTo(works);
  }

  @Test
  void aDayMayEndAtMidnight() {
    AuditRules rules = rules("working-hours: 20:00-24:00");
    assertThat(rules.isWorkingTime(ZonedDateTime.parse("2026-03-02T23:59:59Z"))).isTrue();
    assertThat(rules.isWorkingTime(ZonedDateTime.parse("2026-03-02T19:59:59Z"))).isFalse();
  }

  @Test
  void knowsWhatAPrincipalIs() {
    AuditRules rules =
        rules(
            "principals:",
            "  service: [\"arn:aws:iam::1:role/ltc\", a.b]",
            "  ci: [\"arn:aws:iam::1:role/ltc-ci*\", \"*+ci\"]");
    assertThat(rules.role("arn:aws:iam::1:role/ltc")).contains(Role.SERVICE);
    assertThat(rules.role("arn:aws:iam::1:role/ltc-ci-7")).contains(Role.CI);
    assertThat(rules.role("x+ci")).contains(Role.CI);
    assertThat(rules.role("aXb")).isEmpty();
    assertThat(rules.role("xarn:aws:iam::1:role/ltc")).isEmpty();
    assertThat(rules.role("")).isEmpty();
  }

  @Test
  void knowsPlaces() {
    AuditRules rules = rules("addresses: [10.0.0.0/8, \"2001:db8::/32\"]", "hosts: [app-*]");
    assertThat(rules.isKnownPlace("10.1.2.3")).isTrue();
    assertThat(rules.isKnownPlace("2001:db8::1")).isTrue();
    assertThat(rules.isKnownPlace("app-7")).isTrue();
    assertThat(rules.isKnownPlace("11.1.2.3")).isFalse();
    assertThat(rules.isKnownPlace("db-1")).isFalse();
    assertThat(rules("hosts: [app-*]").isKnownPlace("11.1.2.3")).isTrue();
  }

  @Test
  void canDemandAReason() {
    assertThat(rules("reason: required").reason()).isEqualTo(AuditRules.Reason.REQUIRED);
    assertThat(rules("reason: agents").reason()).isEqualTo(AuditRules.Reason.AGENTS);
    assertThat(rules("reason: optional").reason()).isEqualTo(AuditRules.Reason.OPTIONAL);
    assertThat(rules("days: [mon]").reason()).isEqualTo(AuditRules.Reason.OPTIONAL);
    assertThatThrownBy(() -> rules("reason: require"))
        .hasMessageContaining("reason: unknown 'require'");
  }

  @Test
  void aSectionThatIsNotThereSaysNothing() {
    AuditRules rules = Inventory.parse(REST.replace("audit:\n", ""), "f").audit();
    assertThat(rules).isEqualTo(AuditRules.NONE);
    assertThat(rules.knowsHours()).isFalse();
  }

  @Test
  void tellsAllMistakesAtOnce() {
    assertThatThrownBy(
            () ->
                rules(
                    "working-hours: 18:00-08:00",
                    "days: [mon, Monday]",
                    "holidays: [2026-02-30, 2026-12-25, 2026-12-25]",
                    "addresses: [10.0.0.1/8, example.com]",
                    "hosts: [\"a b\"]",
                    "principals:",
                    "  services: [x]"))
        .hasMessageContaining("8 mistakes")
        .hasMessageContaining("f:11:18: working-hours: the end is not after the beginning")
        .hasMessageContaining("f:12:15: days: unknown 'Monday' (known: mon, tue,")
        .hasMessageContaining("f:13:14: holidays: not a day (expected: such as 2026-12-25)")
        .hasMessageContaining("f:13:38: holidays: the same day twice")
        .hasMessageContaining("f:14:15: addresses: not a range, or one with bits beyond its length")
        .hasMessageContaining("f:14:27: addresses: not a range")
        .hasMessageContaining("f:15:11: hosts: not a name")
        .hasMessageContaining("f:17:5: unknown key 'services'; did you mean 'service'?");
  }

  @Test
  void theExampleHasOne() {
    AuditRules rules = Inventory.parse(InventoryText.example(), "example").audit();
    assertThat(rules.knowsHours()).isTrue();
    assertThat(rules.role("userpass-anna")).contains(Role.PEOPLE);
  }
}
