package de.lifetimecircle.secrets.decision.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void thePlanAndItsDollarsArePrinted() {
    assertThat(run(Cases.TODAY)).isZero();
    assertThat(words())
        .startsWith("3 secrets, 4 instances, 50 reads a second, soft age 5m, jitter 20 %, idle 1h;")
        .contains("\naws 1.20 0.59 0.00 1.79 90.00 91.79 90.00 657.00\n")
        .contains("\nvault 0.00 0.00 182.22 182.22 540.00 722.22 720.00 0.00\n")
        .contains("\ngpg none: files - -\n")
        .contains("\nThe plan breaks no quota that the price list knows.\n")
        .contains("aws.dollars-per-secret-month, 2026-11-25, quoted: ")
        .doesNotContain("The cache makes more calls");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void onlyTheBackendsThatWereAskedForAreShown() {
    assertThat(run(Cases.TODAY, "--backend", "gpg", "--backend", "azure")).isZero();
    assertThat(words()).contains("\ngpg 0.00").contains("\nazure 0.00").doesNotContain("aws");
  }

  @Test
  void anOldPriceWarnsAtTheHead() {
    assertThat(run(Cases.TODAY.plusYears(1), "--backend", "aws")).isZero();
    assertThat(words()).startsWith("WARNING: 9 prices or quotas were read more than 180 days ago");
  }

  @Test
  void aBurstThatBreaksAQuotaIsASentence() {
    assertThat(run(Cases.TODAY, "--secrets", "20", "--instances", "1000")).isZero();
    assertThat(words())
        .contains("aws: the plan breaks GetSecretValue at 12:00:00 of the simulated day: 20,069")
        .contains("reads in 1 s, and 10,000 are allowed. Spread starts and rotations over 3 s")
        .contains("azure: the plan breaks vault at 00:00:00 of the simulated day: 21,000 calls in")
        .contains("The cache makes more calls than the reads that it answers")
        .doesNotContain("breaks no quota");
  }

  @Test
  void aPlanThatBreaksAQuotaAllDayIsASentence() {
    assertThat(
            run(
                Cases.TODAY,
                "--backend",
                "azure",
                "--secrets",
                "200",
                "--instances",
                "1000",
                "--soft-age",
                "100s",
                "--jitter",
                "0",
                "--reads",
                "1000000",
                "--rotations",
                "0",
                "--starts",
                "0"))
        .isZero();
    // 200,000 answers each 100 s are 20,000 in 10 s, five times what a vault allows.
    assertThat(words())
        .contains(
            "azure: the plan breaks vault all day: 20,000 calls in 10 s on average, and 4,000")
        .contains("are allowed. Have 5.0 times fewer");
  }

  @Test
  void aNameThatGoesIdleIsSaid() {
    assertThat(run(Cases.TODAY, "--reads", "0.001")).isZero();
    assertThat(words()).contains("Some names are read less often than the idle time");
  }

  @Test
  void theJsonSaysTheSame() throws IOException {
    Path file = folder.resolve("new/cost.json");
    assertThat(run(Cases.TODAY, "--json", file.toString())).isZero();
    String text = Files.readString(file);
    assertThat(Json.parse(text))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("measured", false)
        .containsEntry("broken", List.of())
        .containsKeys("format", "day", "warnings", "plan", "backends")
        .extractingByKey("backends", InstanceOfAssertFactories.list(Map.class))
        .extracting(backend -> backend.get("scheme"))
        .containsExactly("aws", "azure", "vault", "gpg");
    assertThat(text)
        .contains("\"calls\":0.585915,", "\"total\":91.785915,", "\"aMonth\":117183,")
        .contains("\"key\":\"aws.quota.GetSecretValue\"");
  }

  @Test
  void badInputIsOneSentenceAndNothingElse() {
    assertThat(run(Cases.TODAY, "--backend", "gcp")).isEqualTo(2);
    assertThat(run(Cases.TODAY, "--secrets")).isEqualTo(2);
    assertThat(run(Cases.TODAY, "--seed", "--json", "x")).isEqualTo(2);
    assertThat(run(Cases.TODAY, "fleet")).isEqualTo(2);
    assertThat(run(Cases.TODAY, "--set", "aws")).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            String.join(
                System.lineSeparator(),
                "--backend: gcp (expected: aws, azure, vault, gpg)",
                "--secrets: nothing (expected: a value)",
                "--seed: nothing (expected: a value)",
                "Unknown argument: fleet",
                "--set: aws (expected: KEY=VALUE, such as vault.hours-a-month=4)",
                ""));
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamedAfterTheFigures() throws IOException {
    Path occupied = Files.createFile(folder.resolve("occupied"));
    assertThat(run(Cases.TODAY, "--json", occupied.resolve("cost.json").toString())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("Cannot write " + occupied);
    assertThat(words()).contains("\naws 1.20");
  }

  @Test
  void helpNamesTheOptionsAndEndsWell() {
    assertThat(run(Cases.TODAY, "--help")).isZero();
    assertThat(words()).startsWith("Usage: bench/run cost [--secrets 3] [--instances 4]");
    String defaults = CostRequest.USAGE.replaceAll("\\[--\\S+ [A-Z=]+\\]|^.*cost|[\\[\\].]", " ");
    assertThat(Cases.plan(defaults.trim().split(" +", -1))).isEqualTo(Cases.plan());
  }

  private int run(LocalDate today, String... args) {
    List<String> all = new ArrayList<>(List.of("--prices", Cases.FILE.toString()));
    all.addAll(List.of(args));
    return new CostProgram(
            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), today)
        .run(all);
  }

  /** What was printed, with single spaces. */
  private String words() {
    return out.toString(UTF_8).replaceAll(" +", " ");
  }
}
