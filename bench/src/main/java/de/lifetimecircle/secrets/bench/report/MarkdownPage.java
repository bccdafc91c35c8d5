package de.lifetimecircle.secrets.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Writes a page as Markdown. Not thread-safe. */
final class MarkdownPage {
  private final StringBuilder out = new StringBuilder();

  private MarkdownPage() {}

  static String of(Page page) {
    MarkdownPage writer = new MarkdownPage();
    writer.line("# " + Markup.markdown(page.title()));
    if (!page.subtitle().isEmpty()) {
      writer.line(Markup.markdown(page.subtitle()));
    }
    page.blocks().forEach(writer::block);
    return writer.out.toString().strip() + "\n";
  }

  private void line(String text) {
    out.append(text).append("\n\n");
  }

  private void block(Block block) {
    if (block instanceof Block.Heading heading) {
      line("#".repeat(heading.level()) + " " + Markup.markdown(heading.text()));
    } else if (block instanceof Block.Paragraph paragraph) {
      line(Markup.markdown(paragraph.text()));
    } else if (block instanceof Block.Items items) {
      list("- ", items.items());
    } else if (block instanceof Block.Remarks remarks) {
      list("- ", remarks.items());
    } else if (block instanceof Block.Steps steps) {
      list("1. ", steps.items()); // Markdown counts on by itself
    } else if (block instanceof Block.Warnings warnings) {
      line("**" + Markup.markdown(warnings.title()) + "**");
      list("- ", warnings.items());
    } else if (block instanceof Block.Decision decision) {
      line("**" + Markup.markdown(decision.label() + " " + decision.text()) + "**");
      line(Markup.markdown(decision.below()));
    } else if (block instanceof Block.Signature signature) {
      signature.labels().forEach(label -> line(Markup.markdown(label) + ": ____________________"));
    } else if (block instanceof Block.Grid grid) {
      grid(grid);
    } else if (block instanceof Block.Figure figure) {
      grid(figure.numbers()); // the plot is in the HTML
    }
  }

  private void list(String mark, List<String> items) {
    items.forEach(item -> out.append(mark).append(Markup.markdown(item)).append('\n'));
    out.append('\n');
  }

  private void grid(Block.Grid grid) {
    line("**" + Markup.markdown(grid.caption()) + "**");
    if (!grid.note().isEmpty()) {
      line("*" + Markup.markdown(grid.note()) + "*");
    }
    row(grid.heads());
    List<String> rule = new ArrayList<>(Collections.nCopies(grid.texts(), "---"));
    rule.addAll(Collections.nCopies(grid.heads().size() - grid.texts(), "---:"));
    out.append("| ").append(String.join(" | ", rule)).append(" |\n");
    grid.rows().forEach(this::row);
    out.append('\n');
  }

  private void row(List<String> cells) {
    List<String> escaped = cells.stream().map(Markup::markdown).toList();
    out.append("| ").append(String.join(" | ", escaped)).append(" |\n");
  }
}
