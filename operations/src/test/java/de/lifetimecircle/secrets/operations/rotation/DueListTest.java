package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a secret is due, and what its state is meanwhile. The value is of 1 March. */
class DueListTest extends RotationCase {
  private static final LocalDate DUE = LocalDate.parse("2026-06-01");

  @BeforeEach
  void holdOne() {
    store = Kind.STAGES.store().clock(() -> now);
    fill();
  }

  private DueSecret due() {
    assertThat(rotations().due()).hasSize(1);
    DueSecret due = rotations().due().get(0);
    assertThat(due.secret()).isEqualTo("DB_ADMIN_PW");
    assertThat(due.name()).isEqualTo("prod/DB_ADMIN_PW");
    return due;
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T03:00:00Z, 92, LATER",
    "2026-05-31T23:59:59Z, 1, LATER",
    "2026-06-01T00:00:00Z, 0, DUE",
    "2026-06-03T12:00:00Z, -2, DUE"
  })
  void isDueFromThatDayOn(Instant at, long days, DueSecret.State state) {
    now = at;
    DueSecret due = due();
    assertThat(due.state()).isEqualTo(state);
    assertThat(due.due()).contains(DUE);
    assertThat(due.days()).isEqualTo(days);
    assertThat(due.detail()).isEqualTo("made 2026-03-01");
  }

  @Test
  void reportsHowFarItIs() {
    List<String> told = new ArrayList<>();
    BiConsumer<Integer, Integer> watch = (done, total) -> told.add(done + " of " + total);
    try (SecretProvider provider = SecretProvider.builder().store(store.secondClient()).build()) {
      assertThat(DueList.of(new StoreSnapshot(inventory, "", provider), journal, () -> now, watch))
          .hasSize(1);
    }
    assertThat(told).hasSize(4).startsWith("1 of 4").endsWith("4 of 4");
  }

  @Test
  void aVersionOfTheFutureIsNamed() {
    now = Instant.parse("2026-02-20T00:00:00Z");
    assertThat(due().detail())
        .isEqualTo("made 2026-03-01, which is in the future: a clock is wrong");
    assertThat(due().state()).isEqualTo(DueSecret.State.LATER);
  }

  @Test
  void whatCannotBeToldIsUnknown() {
    store.always(
        FakeStore.Op.VERSIONS,
        "prod/DB_ADMIN_PW",
        FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    DueSecret denied = due();
    assertThat(denied.state()).isEqualTo(DueSecret.State.UNKNOWN);
    assertThat(denied.due()).isEmpty();
    assertThat(denied.detail()).contains("access denied");

    store = Kind.STAGES.store().clock(() -> Instant.EPOCH);
    fill();
    DueSecret undated = due();
    assertThat(undated.state()).isEqualTo(DueSecret.State.UNKNOWN);
    assertThat(undated.detail()).contains("does not report when its version was made");
  }

  @Test
  void aRotationInItsGraceIsToRetireAfterIt() {
    Instant begun = now;
    rotations().rotate("DB_ADMIN_PW");
    Instant end = begun.plus(Duration.ofHours(24));
    assertThat(due())
        .isEqualTo(
            new DueSecret(
                "DB_ADMIN_PW",
                "prod/DB_ADMIN_PW",
                DueSecret.State.LATER,
                Optional.of(LocalDate.parse("2026-03-02")),
                1,
                Optional.empty(),
                "rotated; the old value is to be retired after",
                Optional.of(end)));
    assertThat(due().detail()).isEqualTo("rotated; the old value is to be retired after " + end);
    now = end.minusNanos(1);
    assertThat(due().state()).isEqualTo(DueSecret.State.LATER);
    now = end;
    assertThat(due().state()).isEqualTo(DueSecret.State.RETIRE);
    assertThat(due().days()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"test, pending", "verify, deploy"}) // the old value was applied again after the test
  void aRotationThatStoppedIsOpenToday(String failing, String last) {
    hook(failing, "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    now = now.plus(Duration.ofDays(30));
    DueSecret due = due();
    assertThat(due.state()).isEqualTo(DueSecret.State.OPEN);
    assertThat(due.due()).contains(LocalDate.parse("2026-03-31"));
    assertThat(due.days()).isZero();
    assertThat(due.detail()).isEqualTo("stopped after step " + last + " on 2026-03-01 by anna");
  }

  @Test
  void theWayBackIsOpenToo() {
    rotations().rotate("DB_ADMIN_PW");
    hook("verify", "exit 1");
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class);
    assertThat(due().state()).isEqualTo(DueSecret.State.OPEN);
    assertThat(due().detail()).startsWith("stopped after step deploy ");
  }

  /** A broken journal hides neither its own secret nor the others. */
  @Test
  void aJournalThatCannotBeReadIsOpen() throws IOException {
    rotations().rotate("DB_ADMIN_PW");
    Files.writeString(journal.resolve("prod.DB_ADMIN_PW.rotation.json"), "x");
    assertThat(due().state()).isEqualTo(DueSecret.State.OPEN);
    assertThat(due().due()).contains(LocalDate.parse("2026-03-01"));
    assertThat(due().detail()).startsWith("its journal cannot be used: ");
  }

  @Test
  void aSecretBesideOneThatFailsIsDueAllTheSame() throws IOException {
    inventoryText(
        text ->
            text.replace(
                "  DB_HOST:",
                "  KEY: {description: k, generator: hex 16, rotation: {every: 3 months}}\n"
                    + "  DB_HOST:"));
    store.holding("prod/KEY", "f".repeat(32));
    rotations().rotate("DB_ADMIN_PW");
    Files.writeString(journal.resolve("prod.DB_ADMIN_PW.rotation.json"), "x");
    now = Instant.parse("2026-06-01T00:00:00Z");
    assertThat(rotations().due())
        .extracting(each -> each.secret() + " " + each.state())
        .containsExactly("DB_ADMIN_PW OPEN", "KEY DUE");
    Files.delete(journal.resolve("prod.DB_ADMIN_PW.rotation.json"));
    Files.writeString(journal.resolve("prod.KEY.rotation.json"), "x");
    assertThat(rotations().due())
        .extracting(each -> each.secret() + " " + each.state())
        .containsExactly("DB_ADMIN_PW DUE", "KEY OPEN");
  }
}
