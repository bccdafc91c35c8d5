package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The table of the team, criterion by criterion, each cell with its source. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record CriteriaChapter(ReportSubject subject, ReportText words) {
  void write(PageDraft page) {
    page.heading(2, "criteria").text("criteria.text");
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      page.add(criterion(criterion));
    }
    if (!subject.capabilities().isEmpty()) {
      page.heading(3, "contract").add(contract());
    }
  }

  private Table criterion(DecisionCriterion criterion) {
    CriterionFindings findings = new CriterionFindings(subject);
    return new Table.Columns<String>(words::head)
        .text("backend", words::backend)
        .text("found", scheme -> findings.of(criterion, scheme).found(words))
        .text("source", scheme -> findings.of(criterion, scheme).sources(words))
        .number("points", scheme -> points(findings.of(criterion, scheme)))
        .table(
            words.text(
                "criterion.caption",
                words.criterion(criterion),
                words.plain(subject.policy().weight(criterion))),
            words.text("rule." + criterion),
            subject.schemes());
  }

  private String points(Finding finding) {
    return finding.point().map(point -> words.fixed(point.points(), 1)).orElse(ReportText.NOTHING);
  }

  /**
   * A row of the table of capabilities.
   *
   * @param head of the row
   * @param cell what it shows of a backend
   */
  private record Row(String head, Function<ContractResult, Object> cell) {}

  private Table contract() {
    List<Row> rows = new ArrayList<>();
    for (Capability capability : Capability.values()) {
      rows.add(
          new Row(
              capability.name(),
              result -> result.has(capability) ? words.text("yes") : ReportText.NOTHING));
    }
    rows.add(new Row(words.text("contract.bytes"), ContractResult::maxBytes));
    rows.add(new Row(words.text("contract.name"), ContractResult::maxName));
    rows.add(new Row(words.text("contract.retained"), ContractResult::retained));
    rows.add(new Row(words.text("contract.server"), ContractResult::server));
    Table.Columns<Row> columns = new Table.Columns<Row>(words::head).text("capability", Row::head);
    for (ContractResult result : subject.capabilities()) {
      columns.text(result.backend(), row -> row.cell().apply(result).toString());
    }
    return columns.table(words.text("contract.caption"), words.text("contract.note"), rows);
  }
}
