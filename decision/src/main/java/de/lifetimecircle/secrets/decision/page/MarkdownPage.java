package de.lifetimecircle.secrets.decision.page;

import de.lifetimecircle.secrets.decision.page.PageBlock.Decision;
import de.lifetimecircle.secrets.decision.page.PageBlock.Figure;
import de.lifetimecircle.secrets.decision.page.PageBlock.Heading;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing;
import de.lifetimecircle.secrets.decision.page.PageBlock.Paragraph;
import de.lifetimecircle.secrets.decision.page.PageBlock.Signature;
import de.lifetimecircle.secrets.decision.page.PageBlock.Warnings;
import de.lifetimecircle.secrets.operations.files.HtmlText;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a page as Markdown. Not thread-safe. */
public final class MarkdownPage {
  private final StringBuilder out = new StringBuilder();

  private MarkdownPage() {}

  /** Returns the file. */
  public static String of(Page page) {
    MarkdownPage writer = new MarkdownPage();
    writer.line("# " + markdown(page.title()));
    if (!page.subtitle().isEmpty()) {
      writer.line(markdown(page.subtitle()));
    }
    page.blocks().forEach(writer::block);
    return writer.out.toString().strip() + "\n";
  }

  private void line(String text) {
    out.append(text).append("\n\n");
  }

  private void block(PageBlock block) {
    if (block instanceof Heading heading) {
      line("#".repeat(heading.level()) + " " + markdown(heading.text()));
    } else if (block instanceof Paragraph paragraph) {
      line(markdown(paragraph.text()));
    } else if (block instanceof Listing listing) {
      // Markdown counts on by itself.
      list(listing.kind() == Listing.Kind.STEPS ? "1. " : "- ", listing.items());
    } else if (block instanceof Warnings warnings) {
      line("**" + markdown(warnings.title()) + "**");
      list("- ", warnings.items());
    } else if (block instanceof Decision decision) {
      line("**" + markdown(decision.label() + " " + decision.text()) + "**");
      line(markdown(decision.below()));
    } else if (block instanceof Signature signature) {
      signature.labels().forEach(label -> line(markdown(label) + ": ____________________"));
    } else if (block instanceof Table table) {
      table(table);
    } else if (block instanceof Figure figure) {
      table(figure.numbers()); // the plot is in the HTML
    }
  }

  private void list(String mark, List<String> items) {
    items.forEach(item -> out.append(mark).append(markdown(item)).append('\n'));
    out.append('\n');
  }

  private void table(Table table) {
    line("**" + markdown(table.caption()) + "**");
    if (!table.note().isEmpty()) {
      line("*" + markdown(table.note()) + "*");
    }
    row(table.heads());
    int numbers = table.heads().size() - table.texts();
    out.append("| ").append(String.join(" | ", Collections.nCopies(table.texts(), "---")));
    out.append(" | ---:".repeat(numbers)).append(" |\n");
    table.rows().forEach(this::row);
    out.append('\n');
  }

  private void row(List<String> cells) {
    out.append(
        cells.stream()
            .map(MarkdownPage::markdown)
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** Returns a text for a line of Markdown or a cell of a table. */
  private static String markdown(String text) {
    return HtmlText.allowed(text.replaceAll("[\n\r\t]", " "))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("[\\\\`*_\\[\\]|#]", "\\\\$0");
  }
}
