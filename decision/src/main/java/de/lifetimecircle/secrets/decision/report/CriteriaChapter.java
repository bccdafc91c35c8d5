package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The table of the team, criterion by criterion, each cell with its source. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 * @param words the language
 */
record CriteriaChapter(ReportSubject subject, BackendRanking ranking, ReportText words) {
  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(2, "criteria", words.text("criteria")));
    blocks.add(new PageBlock.Paragraph(words.text("criteria.text")));
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      blocks.add(criterion(criterion));
    }
    if (!subject.capabilities().isEmpty()) {
      blocks.add(new PageBlock.Heading(3, "contract", words.text("contract")));
      blocks.add(contract());
    }
    return blocks;
  }

  private PageBlock criterion(DecisionCriterion criterion) {
    CriterionFindings findings = new CriterionFindings(subject, words);
    CriterionPoints points = new CriterionPoints(subject);
    List<List<String>> rows = new ArrayList<>();
    for (String scheme : subject.schemes()) {
      rows.add(
          List.of(
              words.backend(scheme),
              findings.found(criterion, scheme),
              findings.sources(criterion, scheme),
              points.of(criterion, scheme).map(p -> words.fixed(p.points(), 1)).orElse("–")));
    }
    return new PageBlock.Grid(
        words.text(
            "criterion.caption",
            words.criterion(criterion),
            words.plain(subject.stance().weight(criterion))),
        words.text("rule." + criterion.word()),
        List.of(
            words.text("head.backend"),
            words.text("head.found"),
            words.text("head.source"),
            words.text("head.points")),
        rows,
        3);
  }

  private PageBlock contract() {
    List<ContractResult> results = subject.capabilities();
    List<String> heads = new ArrayList<>(List.of(words.text("head.capability")));
    results.forEach(result -> heads.add(result.backend()));
    List<List<String>> rows = new ArrayList<>();
    for (Capability capability : Capability.values()) {
      rows.add(row(capability.name(), each -> each.has(capability) ? words.text("yes") : "–"));
    }
    rows.add(row(words.text("contract.bytes"), ContractResult::maxBytes));
    rows.add(row(words.text("contract.name"), ContractResult::maxName));
    rows.add(row(words.text("contract.retained"), ContractResult::retained));
    rows.add(row(words.text("contract.server"), ContractResult::server));
    return new PageBlock.Grid(
        words.text("contract.caption"), words.text("contract.note"), heads, rows, heads.size());
  }

  private List<String> row(String head, Function<ContractResult, String> cell) {
    return Stream.concat(Stream.of(head), subject.capabilities().stream().map(cell)).toList();
  }
}
