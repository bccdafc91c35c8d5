package de.lifetimecircle.secrets.decision.report;

import static de.lifetimecircle.secrets.decision.report.ReportText.NOTHING;

import de.lifetimecircle.secrets.decision.cost.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.BackendFigures.Calls;
import de.lifetimecircle.secrets.decision.cost.Dollars;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.cost.QuotaRow;
import de.lifetimecircle.secrets.decision.cost.QuotaShare;
import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import de.lifetimecircle.secrets.decision.page.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The costs of the plan, its share of each quota, and the effect of jitter on a large fleet.
 * Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record CostChapter(ReportSubject subject, ReportText words) {
  void write(PageDraft page) {
    List<BackendFigures> backends = subject.costs().backends();
    page.heading(2, "cost").text("cost.text", plan(subject.costs()));
    page.add(new PageBlock.Figure(new CostPlot(backends, words).plot(), money(backends)));
    page.add(calls(backends)).add(quotas());
    broken(page, subject.costs());
    page.heading(2, "fleet").text("fleet.text", plan(subject.fleet())).add(fleet());
    broken(page, subject.fleet());
  }

  private String plan(PlanFigures figures) {
    List<String> parts = new ArrayList<>();
    figures
        .plan()
        .options()
        .forEach((option, value) -> parts.add(words.text("plan." + option, localised(value))));
    return String.join(", ", parts);
  }

  /** A number or a time as the language writes it. */
  private String localised(String value) {
    if (value.matches("[0-9]+(ms|s|m|h|d)")) {
      String unit = value.replaceFirst("[0-9]+", "");
      return value.substring(0, value.length() - unit.length()) + " " + words.name("time", unit);
    }
    return value.matches("[0-9.]+") ? words.plain(Double.parseDouble(value)) : value;
  }

  private Table money(List<BackendFigures> backends) {
    return new Table.Columns<BackendFigures>(words::head)
        .text("backend", this::name)
        .number("cost.secrets", dollars(Dollars::secrets))
        .number("cost.calls", dollars(Dollars::calls))
        .number("cost.machines", dollars(Dollars::machines))
        .number("cost.paid", dollars(Dollars::paid))
        .number("cost.work", dollars(Dollars::work))
        .number("cost.total", dollars(Dollars::total))
        .number("cost.setup", dollars(Dollars::setupOnce))
        .number("cost.uncached", dollars(Dollars::callsWithoutACache))
        .table(words.text("cost.caption"), words.text("cost.note"), backends);
  }

  private String name(BackendFigures backend) {
    return words.backend(backend.scheme());
  }

  private Function<BackendFigures, String> dollars(Function<Dollars, BigDecimal> sum) {
    return backend -> words.dollars(sum.apply(backend.dollars()));
  }

  private Table calls(List<BackendFigures> backends) {
    return new Table.Columns<BackendFigures>(words::head)
        .text("backend", this::name)
        .number(
            "calls.month", calls(calls -> words.whole(calls.aMonth()), words.text("calls.none")))
        .number(
            "calls.second", calls(calls -> words.number(calls.aSecond().doubleValue()), NOTHING))
        .number("calls.worst", calls(calls -> words.whole(calls.worstSecond()), NOTHING))
        .table(words.text("calls.caption"), words.text("cost.note"), backends);
  }

  private static Function<BackendFigures, String> calls(
      Function<Calls, String> cell, String otherwise) {
    return backend -> backend.calls().remote() ? cell.apply(backend.calls()) : otherwise;
  }

  private Table quotas() {
    return new Table.Columns<QuotaRow>(words::head)
        .text("quota", row -> row.cell(this::name, words.backend(row.scheme())))
        .text("allows", row -> row.cell(this::allows, words.text("quota.none")))
        .number("average", share(share -> share.average().doubleValue()))
        .number("worst", share(QuotaShare::worst))
        .number("day", share(share -> share.jittered().calls()))
        .table(words.text("quota.caption"), words.text("quota.note"), QuotaRow.of(subject.costs()));
  }

  private Function<QuotaRow, String> share(ToDoubleFunction<QuotaShare> calls) {
    return row ->
        row.cell(
            share -> words.percent(calls.applyAsDouble(share) / share.quota().calls()), NOTHING);
  }

  private Table fleet() {
    return new Table.Columns<QuotaShare>(words::head)
        .text("quota", this::name)
        .text("allows", this::allows)
        .number("busiest", share -> words.whole(share.jittered().calls()))
        .number("busiest.even", share -> words.whole(share.even().calls()))
        .number("refreshes", refreshes(share -> share.jitteredRefreshes().calls()))
        .number("refreshes.even", refreshes(share -> share.evenRefreshes().calls()))
        .table(words.text("fleet.caption"), words.text("fleet.note"), subject.fleet().quotas());
  }

  private Function<QuotaShare, String> refreshes(ToLongFunction<QuotaShare> calls) {
    return share -> share.countsReads() ? words.whole(calls.applyAsLong(share)) : NOTHING;
  }

  private String name(QuotaShare share) {
    return words.shortBackend(share.scheme()) + " " + share.quota().name();
  }

  private String allows(QuotaShare share) {
    return words.text(
        "allows." + share.quota().traffic(),
        words.whole(share.quota().calls()),
        share.quota().seconds());
  }

  /** Which limits the plan breaks, or that it breaks none. */
  private void broken(PageDraft page, PlanFigures figures) {
    List<String> sentences =
        figures.quotas().stream()
            .filter(QuotaShare::isBroken)
            .map(
                share ->
                    words.text(
                        "broken",
                        name(share),
                        words.whole(share.jittered().calls()),
                        allows(share)))
            .toList();
    if (sentences.isEmpty()) {
      page.text("broken.none");
    } else {
      page.listing(Kind.ITEMS, sentences);
    }
  }
}
