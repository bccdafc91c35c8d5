package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.Dollars;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.QuotaFigures;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The costs of the plan, its share of each quota, and the effect of jitter on a large fleet.
 * Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record CostChapter(ReportSubject subject, ReportText words) {
  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(2, "cost", words.text("cost")));
    blocks.add(new PageBlock.Paragraph(words.text("cost.text", plan(subject.costs()))));
    blocks.add(
        new PageBlock.Figure(new CostPlot(subject.costs().backends(), words).svg(), money()));
    blocks.add(calls());
    blocks.add(quotas());
    blocks.addAll(broken(subject.costs()));
    blocks.add(new PageBlock.Heading(2, "fleet", words.text("fleet")));
    blocks.add(new PageBlock.Paragraph(words.text("fleet.text", plan(subject.fleet()))));
    blocks.add(fleet());
    blocks.addAll(broken(subject.fleet()));
    return blocks;
  }

  private String plan(PlanFigures figures) {
    List<String> parts = new ArrayList<>();
    figures
        .plan()
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

  private PageBlock.Grid money() {
    List<List<String>> rows = new ArrayList<>();
    for (BackendFigures backend : subject.costs().backends()) {
      Dollars dollars = backend.dollars();
      List<String> row = new ArrayList<>(List.of(words.backend(backend.scheme())));
      Stream.of(
              dollars.secrets(),
              dollars.calls(),
              dollars.machines(),
              dollars.paid(),
              dollars.work(),
              dollars.total(),
              dollars.setup(),
              dollars.uncached())
          .map(words::dollars)
          .forEach(row::add);
      rows.add(row);
    }
    List<String> heads = new ArrayList<>(List.of(words.text("head.backend")));
    Stream.of("secrets", "calls", "machines", "paid", "work", "total", "setup", "uncached")
        .forEach(column -> heads.add(words.text("head.cost." + column)));
    return new PageBlock.Grid(words.text("cost.caption"), words.text("cost.note"), heads, rows, 1);
  }

  private PageBlock.Grid calls() {
    List<List<String>> rows = new ArrayList<>();
    for (BackendFigures backend : subject.costs().backends()) {
      rows.add(
          backend.remote()
              ? List.of(
                  words.backend(backend.scheme()),
                  words.whole(backend.callsAMonth()),
                  words.number(backend.callsASecond().doubleValue()),
                  words.whole(backend.worstSecond()))
              : List.of(words.backend(backend.scheme()), words.text("calls.none"), "–", "–"));
    }
    return new PageBlock.Grid(
        words.text("calls.caption"),
        words.text("cost.note"),
        List.of(
            words.text("head.backend"),
            words.text("head.calls.month"),
            words.text("head.calls.second"),
            words.text("head.calls.worst")),
        rows,
        1);
  }

  private PageBlock.Grid quotas() {
    List<List<String>> rows = new ArrayList<>();
    for (BackendFigures backend : subject.costs().backends()) {
      for (QuotaFigures quota : backend.quotas()) {
        rows.add(
            List.of(
                name(backend, quota),
                allows(quota),
                share(quota, quota.average()),
                share(quota, BigDecimal.valueOf(quota.worst())),
                share(quota, BigDecimal.valueOf(quota.simulated()))));
      }
      if (backend.quotas().isEmpty()) {
        rows.add(List.of(words.backend(backend.scheme()), words.text("quota.none"), "–", "–", "–"));
      }
    }
    return new PageBlock.Grid(
        words.text("quota.caption"),
        words.text("quota.note"),
        List.of(
            words.text("head.quota"),
            words.text("head.allows"),
            words.text("head.average"),
            words.text("head.worst"),
            words.text("head.day")),
        rows,
        2);
  }

  private PageBlock.Grid fleet() {
    List<List<String>> rows = new ArrayList<>();
    for (BackendFigures backend : subject.fleet().backends()) {
      for (QuotaFigures quota : backend.quotas()) {
        rows.add(
            List.of(
                name(backend, quota),
                allows(quota),
                words.whole(quota.simulated()),
                words.whole(quota.simulatedEven()),
                quota.countsReads() ? words.whole(quota.refreshes()) : "–",
                quota.countsReads() ? words.whole(quota.refreshesEven()) : "–"));
      }
    }
    return new PageBlock.Grid(
        words.text("fleet.caption"),
        words.text("fleet.note"),
        List.of(
            words.text("head.quota"),
            words.text("head.allows"),
            words.text("head.busiest"),
            words.text("head.busiest.even"),
            words.text("head.refreshes"),
            words.text("head.refreshes.even")),
        rows,
        2);
  }

  private String name(BackendFigures backend, QuotaFigures quota) {
    return words.name("backend.short", backend.scheme()) + " " + quota.name();
  }

  private String allows(QuotaFigures quota) {
    return words.text(
        "allows." + quota.traffic(), words.whole(quota.allowed()), String.valueOf(quota.seconds()));
  }

  private String share(QuotaFigures quota, BigDecimal calls) {
    return words.percent(calls.doubleValue() / quota.allowed());
  }

  /** Which limits the plan breaks, or that it breaks none. */
  private List<PageBlock> broken(PlanFigures figures) {
    List<String> sentences = new ArrayList<>();
    for (BackendFigures backend : figures.backends()) {
      for (QuotaFigures quota : backend.quotas()) {
        if (quota.broken()) {
          sentences.add(
              words.text(
                  "broken", name(backend, quota), words.whole(quota.simulated()), allows(quota)));
        }
      }
    }
    return sentences.isEmpty()
        ? List.of(new PageBlock.Paragraph(words.text("broken.none")))
        : List.of(new PageBlock.Items(sentences));
  }
}
