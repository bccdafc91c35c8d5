package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An assessment as text for a terminal. Immutable. */
record CostTable(CostAssessment assessment) {

  /** Warnings, plan, money, calls, quotas, broken limits, sources. */
  String text() {
    StringBuilder text = new StringBuilder();
    assessment.warnings().forEach(warning -> text.append(warning).append("\n\n"));
    text.append(plan()).append('\n');
    section(text, "Dollars a month (setup: once)", money());
    section(text, "Calls", calls());
    section(text, "Quotas: the share that the plan takes", quotas());
    section(text, "Quotas: the busiest stretch of refreshes alone", refreshes());
    limits(text);
    sources(text);
    return text.toString();
  }

  private static void section(StringBuilder text, String head, String rows) {
    text.append('\n').append(head).append('\n').append(rows);
  }

  private String plan() {
    CostPlan plan = assessment.plan();
    return String.format(
        Locale.ROOT,
        "%,d secrets, %,d instances, %s reads a second, soft age %s, jitter %d %%, idle %s;%n"
            + "a month %s rotations of each secret, a day %s starts of all instances, each spread"
            + " over %s.%nA model: nothing was measured.",
        plan.secrets(),
        plan.instances(),
        plan.reads().toPlainString(),
        FigureRange.words(plan.softAge()),
        plan.jitter(),
        FigureRange.words(plan.idle()),
        plan.rotations().toPlainString(),
        plan.starts().toPlainString(),
        FigureRange.words(plan.spread()));
  }

  private String money() {
    AlignedRows table =
        new AlignedRows(
            "backend",
            "secrets",
            "calls",
            "machines",
            "paid",
            "work",
            "total",
            "setup",
            "calls without a cache");
    assessment
        .bills()
        .forEach(
            (scheme, bill) ->
                table.row(
                    scheme,
                    dollars(bill.secrets()),
                    dollars(bill.calls()),
                    dollars(bill.machines()),
                    dollars(bill.paid()),
                    dollars(bill.work()),
                    dollars(bill.total()),
                    dollars(bill.setup()),
                    dollars(bill.uncached())));
    return table.text();
  }

  private String calls() {
    AlignedRows table = new AlignedRows("backend", "a month", "a second", "worst second");
    for (BackendTariff tariff : assessment.tariffs()) {
      if (tariff.isRemote()) {
        CallDemand demand = CallDemand.of(assessment.plan(), tariff);
        table.row(
            tariff.scheme(),
            whole(demand.calls(QuotaCalls.ALL)),
            digits(demand.average(QuotaCalls.ALL, 1)),
            whole(QuotaShare.worst(assessment.plan(), tariff, QuotaCalls.ALL)));
      } else {
        table.row(tariff.scheme(), "none: files", "-", "-");
      }
    }
    return table.text();
  }

  private String quotas() {
    AlignedRows table =
        new AlignedRows(
            "quota",
            "allows",
            "average",
            "worst",
            "simulated day",
            "share",
            "without jitter",
            "share");
    for (BackendTariff tariff : assessment.tariffs()) {
      List<QuotaShare> own = assessment.shares(tariff);
      own.forEach(share -> quota(table, share));
      if (own.isEmpty()) {
        table.row(tariff.scheme(), "none known", "-", "-", "-", "-", "-", "-");
      }
    }
    return table.text();
  }

  private static void quota(AlignedRows table, QuotaShare share) {
    table.row(
        share.scheme() + " " + share.quota().name(),
        share.quota().allows(),
        share.percent(share.average()),
        share.percent(BigDecimal.valueOf(share.worst())),
        peak(share.jittered()),
        percent(share, share.jittered()),
        peak(share.even()),
        percent(share, share.even()));
  }

  private String refreshes() {
    AlignedRows table = new AlignedRows("quota", "with jitter", "share", "without jitter", "share");
    for (QuotaShare share : assessment.shares()) {
      if (share.countsReads()) {
        table.row(
            share.scheme() + " " + share.quota().name(),
            peak(share.jitteredRefreshes()),
            percent(share, share.jitteredRefreshes()),
            peak(share.evenRefreshes()),
            percent(share, share.evenRefreshes()));
      }
    }
    return table.text();
  }

  private static String percent(QuotaShare share, SimulatedDay.Peak peak) {
    return share.percent(BigDecimal.valueOf(peak.calls()));
  }

  private static String peak(SimulatedDay.Peak peak) {
    return peak.calls() == 0
        ? "0"
        : String.format(Locale.ROOT, "%,d at %s", peak.calls(), time(peak.second()));
  }

  /** {@code 00:04:59}. */
  static String time(int second) {
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  }

  private void limits(StringBuilder text) {
    List<String> broken = assessment.broken();
    text.append('\n');
    broken.forEach(sentence -> text.append(sentence).append('\n'));
    if (broken.isEmpty()) {
      text.append("The plan breaks no quota that the price list knows.\n");
    }
    if (assessment.plan().refreshes().compareTo(assessment.plan().readsAMonth()) > 0) {
      text.append(
          "The cache makes more calls than the reads that it answers: raise the soft age, or let"
              + " each instance hold fewer names.\n");
    }
    if (assessment.plan().goesIdle()) {
      text.append(
          "Some names are read less often than the idle time and are not kept fresh; the simulated"
              + " day keeps them all.\n");
    }
  }

  private void sources(StringBuilder text) {
    Map<PriceSource.Origin, Integer> counts = new EnumMap<>(PriceSource.Origin.class);
    text.append("\nRead from pages:\n");
    assessment
        .sources()
        .forEach(
            (key, source) -> {
              counts.merge(source.origin(), 1, Integer::sum);
              if (source.ages()) {
                text.append("  ").append(key).append(", ").append(source.day()).append(", ");
                text.append(source.origin().word())
                    .append(": ")
                    .append(source.text().english())
                    .append('\n');
              }
            });
    text.append("All figures by origin:");
    counts.forEach((origin, n) -> text.append(' ').append(origin.word()).append(' ').append(n));
    text.append(". Replace the judgements with your own.\n");
  }

  private static String dollars(BigDecimal dollars) {
    return String.format(Locale.ROOT, "%,.2f", BackendBill.cents(dollars));
  }

  private static String whole(BigDecimal calls) {
    return whole(calls.setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  private static String whole(long calls) {
    return String.format(Locale.ROOT, "%,d", calls);
  }

  private static String digits(BigDecimal number) {
    return number.round(new MathContext(3, RoundingMode.HALF_UP)).toPlainString();
  }
}
