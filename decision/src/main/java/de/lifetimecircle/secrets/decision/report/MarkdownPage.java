package de.lifetimecircle.secrets.decision.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Writes a page as Markdown. Not thread-safe. */
final class MarkdownPage {
  private final StringBuilder out = new StringBuilder();

  private MarkdownPage() {}

  static String of(ReportPage page) {
    MarkdownPage writer = new MarkdownPage();
    writer.line("# " + MarkupEscape.markdown(page.title()));
    if (!page.subtitle().isEmpty()) {
      writer.line(MarkupEscape.markdown(page.subtitle()));
    }
    page.blocks().forEach(writer::block);
    return writer.out.toString().strip() + "\n";
  }

  private void line(String text) {
    out.append(text).append("\n\n");
  }

  private void block(PageBlock block) {
    if (block instanceof PageBlock.Heading heading) {
      line("#".repeat(heading.level()) + " " + MarkupEscape.markdown(heading.text()));
    } else if (block instanceof PageBlock.Paragraph paragraph) {
      line(MarkupEscape.markdown(paragraph.text()));
    } else if (block instanceof PageBlock.Items items) {
      list("- ", items.items());
    } else if (block instanceof PageBlock.Remarks remarks) {
      list("- ", remarks.items());
    } else if (block instanceof PageBlock.Steps steps) {
      list("1. ", steps.items()); // Markdown counts on by itself
    } else if (block instanceof PageBlock.Warnings warnings) {
      line("**" + MarkupEscape.markdown(warnings.title()) + "**");
      list("- ", warnings.items());
    } else if (block instanceof PageBlock.Decision decision) {
      line("**" + MarkupEscape.markdown(decision.label() + " " + decision.text()) + "**");
      line(MarkupEscape.markdown(decision.below()));
    } else if (block instanceof PageBlock.Signature signature) {
      signature
          .labels()
          .forEach(label -> line(MarkupEscape.markdown(label) + ": ____________________"));
    } else if (block instanceof PageBlock.Grid grid) {
      grid(grid);
    } else if (block instanceof PageBlock.Figure figure) {
      grid(figure.numbers()); // the plot is in the HTML
    }
  }

  private void list(String mark, List<String> items) {
    items.forEach(item -> out.append(mark).append(MarkupEscape.markdown(item)).append('\n'));
    out.append('\n');
  }

  private void grid(PageBlock.Grid grid) {
    line("**" + MarkupEscape.markdown(grid.caption()) + "**");
    if (!grid.note().isEmpty()) {
      line("*" + MarkupEscape.markdown(grid.note()) + "*");
    }
    row(grid.heads());
    List<String> rule = new ArrayList<>(Collections.nCopies(grid.texts(), "---"));
    rule.addAll(Collections.nCopies(grid.heads().size() - grid.texts(), "---:"));
    out.append("| ").append(String.join(" | ", rule)).append(" |\n");
    grid.rows().forEach(this::row);
    out.append('\n');
  }

  private void row(List<String> cells) {
    List<String> escaped = cells.stream().map(MarkupEscape::markdown).toList();
    out.append("| ").append(String.join(" | ", escaped)).append(" |\n");
  }
}
