package de.lifetimecircle.secrets.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of the team, criterion by criterion, each cell with its source. Immutable.
 *
 * @param subject what the report is made from
 * @param ranking of the backends
 * @param words the language
 */
record CriteriaChapter(Subject subject, Ranking ranking, Words words) {
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Heading(2, "criteria", words.text("criteria")));
    blocks.add(new Block.Paragraph(words.text("criteria.text")));
    for (Criterion criterion : Criterion.values()) {
      blocks.add(criterion(criterion));
    }
    if (!subject.capabilities().isEmpty()) {
      blocks.add(new Block.Heading(3, "contract", words.text("contract")));
      blocks.add(contract());
    }
    return blocks;
  }

  private Block criterion(Criterion criterion) {
    Findings findings = new Findings(subject, words);
    Points points = new Points(subject);
    List<List<String>> rows = new ArrayList<>();
    for (String scheme : subject.schemes()) {
      rows.add(
          List.of(
              words.backend(scheme),
              findings.found(criterion, scheme),
              findings.sources(criterion, scheme),
              points.of(criterion, scheme).map(p -> words.fixed(p.points(), 1)).orElse("–")));
    }
    return new Block.Grid(
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

  private Block contract() {
    Set<String> lines = new LinkedHashSet<>();
    subject.capabilities().values().forEach(column -> lines.addAll(column.keySet()));
    List<String> heads = new ArrayList<>(List.of(words.text("head.capability")));
    heads.addAll(subject.capabilities().keySet());
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines) {
      List<String> row = new ArrayList<>(List.of(line));
      for (Map<String, String> column : subject.capabilities().values()) {
        row.add(cell(column.getOrDefault(line, "")));
      }
      rows.add(row);
    }
    return new Block.Grid(
        words.text("contract.caption"), words.text("contract.note"), heads, rows, heads.size());
  }

  private String cell(String text) {
    return switch (text) {
      case "yes" -> words.text("yes");
      case "-", "" -> "–";
      default -> text;
    };
  }
}
