package de.lifetimecircle.secrets.decision.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The program's figures are those that docs/cost.md calculates by hand. */
class CostDocumentTest {
  private static List<String> lines = List.of();

  @BeforeAll
  static void readTheDocument() throws IOException {
    lines = Files.readAllLines(Path.of("../docs/cost.md"));
  }

  @Test
  void callsOfTheFirstCase() {
    CostPlan plan = Cases.plan();
    List<String> rows = new ArrayList<>();
    for (String scheme : List.of("aws", "azure", "vault")) {
      BackendTariff tariff = Cases.tariff(scheme);
      CallDemand demand = CallDemand.of(plan, tariff);
      rows.add(
          row(
              scheme,
              calls(demand.refreshes()),
              calls(demand.starts()),
              calls(demand.rereads()),
              calls(demand.putReads().add(demand.putWrites())),
              calls(demand.calls(QuotaCalls.ALL)),
              demand
                  .average(QuotaCalls.ALL, 1)
                  .round(new MathContext(3, RoundingMode.HALF_UP))
                  .toPlainString(),
              String.valueOf(CallDemand.worst(plan, tariff, QuotaCalls.ALL))));
    }
    assertThat(rowsUnder("| backend | refreshes")).isEqualTo(rows);
  }

  @Test
  void dollarsOfTheFirstCase() {
    List<String> rows = new ArrayList<>();
    Cases.figures()
        .backends()
        .forEach(
            backend ->
                rows.add(
                    row(
                        backend.scheme(),
                        cents(backend.dollars().secrets()),
                        cents(backend.dollars().calls()),
                        cents(backend.dollars().machines()),
                        cents(backend.dollars().paid()),
                        cents(backend.dollars().work()),
                        cents(backend.dollars().total()),
                        cents(backend.dollars().setupOnce()),
                        cents(backend.dollars().callsWithoutACache()))));
    assertThat(rowsUnder("| backend | secrets")).isEqualTo(rows);
  }

  @Test
  void theFleet() {
    List<String> rows = new ArrayList<>();
    for (QuotaShare share : Cases.figures("--secrets", "20", "--instances", "1000").quotas()) {
      rows.add(
          row(
              share.scheme() + " " + share.quota().name(),
              share.quota().allows(),
              whole(share.jittered().calls()),
              whole(share.even().calls()),
              share.countsReads() ? whole(share.jitteredRefreshes().calls()) : "",
              share.countsReads() ? whole(share.evenRefreshes().calls()) : ""));
    }
    assertThat(rowsUnder("| quota")).isEqualTo(rows);
  }

  @Test
  void theFleetSpreadOver70SecondsBreaksNothing() {
    assertThat(Cases.figures("--secrets", "20", "--instances", "1000", "--spread", "70s").broken())
        .isEmpty();
  }

  @Test
  void everyOptionIsExplained() {
    for (String option : CostRequest.USAGE.split("[^a-z-]+", -1)) {
      if (option.startsWith("--")) {
        assertThat(lines).anyMatch(line -> line.startsWith("|") && line.contains("`" + option));
      }
    }
  }

  private static List<String> rowsUnder(String head) {
    int first = 0;
    while (!lines.get(first).startsWith(head)) {
      first++;
    }
    return lines.stream().skip(first + 2L).takeWhile(line -> line.startsWith("|")).toList();
  }

  private static String row(String... cells) {
    return ("| " + String.join(" | ", cells) + " |").replace("|  |", "| |").replace("|  |", "| |");
  }

  private static String cents(BigDecimal dollars) {
    return dollars.setScale(2, RoundingMode.HALF_UP).toPlainString();
  }

  private static String whole(long calls) {
    return String.format(Locale.ROOT, "%,d", calls);
  }

  /** Without decimals where there are none. */
  private static String calls(BigDecimal calls) {
    BigDecimal rounded = calls.setScale(2, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() <= 0
        ? whole(rounded.longValueExact())
        : String.format(Locale.ROOT, "%,.2f", rounded);
  }
}
