package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.cost.QuotaShare.Peak;
import de.lifetimecircle.secrets.decision.page.Table;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The figures of a plan as text for a terminal. Immutable.
 *
 * @param figures the figures
 */
record CostTable(PlanFigures figures) {
  private static final BigDecimal LEAST_PERCENT = new BigDecimal("0.01");
  private static final String NONE = "-";

  /** Warnings, plan, money, calls, quotas, broken limits, sources. */
  String text() {
    StringBuilder text = new StringBuilder();
    figures.warnings().forEach(warning -> text.append(warning).append("\n\n"));
    text.append(plan()).append('\n');
    Stream.of(money(), calls(), quotas(), refreshes())
        .forEach(
            table -> text.append('\n').append(table.caption()).append('\n').append(table.text()));
    text.append('\n');
    limits().forEach(sentence -> text.append(sentence).append('\n'));
    return text.append(sources()).toString();
  }

  private String plan() {
    CostPlan plan = figures.plan();
    return String.format(
        Locale.ROOT,
        "%,d secrets, %,d instances, %s reads a second, soft age %s, jitter %d %%, idle %s;%n"
            + "a month %s rotations of each secret, a day %s starts of all instances, each spread"
            + " over %s.%nA model: nothing was measured.",
        plan.secrets(),
        plan.instances(),
        plan.readsASecond().toPlainString(),
        OptionRange.words(plan.softAge()),
        plan.jitterPercent(),
        OptionRange.words(plan.idle()),
        plan.rotationsAMonth().toPlainString(),
        plan.startsADay().toPlainString(),
        OptionRange.words(plan.spread()));
  }

  private Table money() {
    return new Table.Columns<BackendFigures>(UnaryOperator.identity())
        .text("backend", BackendFigures::scheme)
        .number("secrets", dollars(Dollars::secrets))
        .number("calls", dollars(Dollars::calls))
        .number("machines", dollars(Dollars::machines))
        .number("paid", dollars(Dollars::paid))
        .number("work", dollars(Dollars::work))
        .number("total", dollars(Dollars::total))
        .number("setup", dollars(Dollars::setupOnce))
        .number("calls without a cache", dollars(Dollars::callsWithoutACache))
        .table("Dollars a month (setup: once)", "", figures.backends());
  }

  /** Dollars and cents: {@code 1.79}. */
  private static Function<BackendFigures, String> dollars(Function<Dollars, BigDecimal> sum) {
    return backend ->
        String.format(
            Locale.ROOT, "%,.2f", sum.apply(backend.dollars()).setScale(2, RoundingMode.HALF_UP));
  }

  private Table calls() {
    return new Table.Columns<BackendFigures>(UnaryOperator.identity())
        .text("backend", BackendFigures::scheme)
        .number("a month", calls("none: files", calls -> whole(calls.aMonth())))
        .number("a second", calls(NONE, calls -> digits(calls.aSecond())))
        .number("worst second", calls(NONE, calls -> whole(calls.worstSecond())))
        .table("Calls", "", figures.backends());
  }

  private static Function<BackendFigures, String> calls(
      String otherwise, Function<BackendFigures.Calls, String> cell) {
    return backend -> backend.calls().remote() ? cell.apply(backend.calls()) : otherwise;
  }

  private Table quotas() {
    return new Table.Columns<QuotaRow>(UnaryOperator.identity())
        .text("quota", row -> row.cell(CostTable::name, row.scheme()))
        .number("allows", row -> row.cell(share -> share.quota().allows(), "none known"))
        .number("average", row -> row.cell(share -> percent(share, share.average()), NONE))
        .number("worst", row -> row.cell(share -> percent(share, share.worst()), NONE))
        .number("simulated day", row -> row.cell(share -> peak(share.jittered()), NONE))
        .number("share", row -> row.cell(share -> percent(share, share.jittered().calls()), NONE))
        .number("without jitter", row -> row.cell(share -> peak(share.even()), NONE))
        .number("share", row -> row.cell(share -> percent(share, share.even().calls()), NONE))
        .table("Quotas: the share that the plan takes", "", QuotaRow.of(figures));
  }

  private Table refreshes() {
    List<QuotaShare> read = figures.quotas().stream().filter(QuotaShare::countsReads).toList();
    return new Table.Columns<QuotaShare>(UnaryOperator.identity())
        .text("quota", CostTable::name)
        .number("with jitter", share -> peak(share.jitteredRefreshes()))
        .number("share", share -> percent(share, share.jitteredRefreshes().calls()))
        .number("without jitter", share -> peak(share.evenRefreshes()))
        .number("share", share -> percent(share, share.evenRefreshes().calls()))
        .table("Quotas: the busiest stretch of refreshes alone", "", read);
  }

  private static String name(QuotaShare share) {
    return share.scheme() + " " + share.quota().name();
  }

  private static String percent(QuotaShare share, long calls) {
    return percent(share, BigDecimal.valueOf(calls));
  }

  /** Calls in percent of the quota, to two digits that count. */
  static String percent(QuotaShare share, BigDecimal calls) {
    BigDecimal percent =
        calls
            .movePointRight(2)
            .divide(
                BigDecimal.valueOf(share.quota().calls()),
                new MathContext(2, RoundingMode.HALF_UP));
    if (percent.signum() > 0 && percent.compareTo(LEAST_PERCENT) < 0) {
      return "< 0.01 %";
    }
    return percent.signum() == 0 ? "0 %" : percent.stripTrailingZeros().toPlainString() + " %";
  }

  private static String peak(Peak peak) {
    return peak.calls() == 0 ? "0" : whole(peak.calls()) + " at " + peak.time();
  }

  private List<String> limits() {
    CostPlan plan = figures.plan();
    List<String> sentences = new ArrayList<>(figures.broken());
    if (sentences.isEmpty()) {
      sentences.add("The plan breaks no quota that the price list knows.");
    }
    if (plan.refreshes().compareTo(plan.readsAMonth()) > 0) {
      sentences.add(
          "The cache makes more calls than the reads that it answers: raise the soft age, or let"
              + " each instance hold fewer names.");
    }
    if (plan.goesIdle()) {
      sentences.add(
          "Some names are read less often than the idle time and are not kept fresh; the simulated"
              + " day keeps them all.");
    }
    return sentences;
  }

  private String sources() {
    StringBuilder text = new StringBuilder("\nRead from pages:\n");
    Map<Origin, Integer> counts = new EnumMap<>(Origin.class);
    figures
        .sources()
        .forEach(
            (key, source) -> {
              counts.merge(source.origin(), 1, Integer::sum);
              if (source.isPage()) {
                text.append("  ").append(key).append(", ").append(source.day()).append(", ");
                text.append(source.origin()).append(": ").append(source.text().english());
                text.append('\n');
              }
            });
    text.append("All figures by origin:");
    counts.forEach((origin, n) -> text.append(' ').append(origin).append(' ').append(n));
    return text.append(". Replace the judgements with your own.\n").toString();
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
