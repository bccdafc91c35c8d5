package de.lifetimecircle.secrets.decision.page;

import de.lifetimecircle.secrets.decision.page.PageBlock.Decision;
import de.lifetimecircle.secrets.decision.page.PageBlock.Figure;
import de.lifetimecircle.secrets.decision.page.PageBlock.Heading;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing;
import de.lifetimecircle.secrets.decision.page.PageBlock.PageBreak;
import de.lifetimecircle.secrets.decision.page.PageBlock.Paragraph;
import de.lifetimecircle.secrets.decision.page.PageBlock.Signature;
import de.lifetimecircle.secrets.decision.page.PageBlock.Warnings;
import de.lifetimecircle.secrets.operations.files.HtmlText;
import de.lifetimecircle.secrets.operations.files.ProgramFile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes a page as one HTML file that needs no other, no script and no network. Not thread-safe.
 */
public final class HtmlPage {
  private final StringBuilder out = new StringBuilder();
  private int tables;

  private HtmlPage() {}

  /** Returns the file; without the link to an icon a browser would ask for one. */
  public static String of(Page page) {
    HtmlPage writer = new HtmlPage();
    page.blocks().forEach(writer::block);
    return String.format(
        Locale.ROOT,
        """
        <!DOCTYPE html>
        <html lang="%1$s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <meta name="color-scheme" content="light dark">
        <title>%2$s</title>
        <style>
        %4$s</style>
        </head>
        <body>
        <main>
        <header>
        <h1>%2$s</h1>
        <p class="subtitle">%3$s</p>
        </header>
        %5$s</main>
        </body>
        </html>
        """,
        page.language(),
        HtmlText.of(page.title()),
        HtmlText.of(page.subtitle()),
        ProgramFile.text(HtmlPage.class, "page.css"),
        writer.out);
  }

  /** Appends markup with the texts escaped, and a line feed. */
  private void line(String markup, String... texts) {
    Object[] escaped = Arrays.stream(texts).map(HtmlText::of).toArray();
    out.append(String.format(Locale.ROOT, markup, escaped)).append('\n');
  }

  private void block(PageBlock block) {
    if (block instanceof Heading heading) {
      String level = String.valueOf(heading.level());
      String id = heading.id().isEmpty() ? "" : " id=\"%2$s\"";
      line("<h%1$s" + id + ">%3$s</h%1$s>", level, heading.id(), heading.text());
    } else if (block instanceof Paragraph paragraph) {
      line("<p>%s</p>", paragraph.text());
    } else if (block instanceof Listing listing) {
      switch (listing.kind()) {
        case ITEMS -> list("<ul>", listing.items(), "</ul>");
        case REMARKS -> list("<ul class=\"remarks\">", listing.items(), "</ul>");
        case STEPS -> list("<ol>", listing.items(), "</ol>");
      }
    } else if (block instanceof Warnings warnings) {
      line("<section class=\"warnings\">\n<h2>%s</h2>", warnings.title());
      list("<ul>", warnings.items(), "</ul>\n</section>");
    } else if (block instanceof Decision decision) {
      line(
          """
          <section class="decision">
          <p class="label">%s</p>
          <p class="choice">%s</p>
          <p class="below">%s</p>
          </section>\
          """,
          decision.label(), decision.text(), decision.below());
    } else if (block instanceof Signature signature) {
      line("<section class=\"signature\">");
      signature.labels().forEach(label -> line("<p>%s</p>", label));
      line("</section>");
    } else if (block instanceof Table table) {
      table(table);
    } else if (block instanceof Figure figure) {
      out.append("<figure>\n").append(figure.plot().element());
      line("\n<figcaption>%s</figcaption>\n</figure>", figure.plot().title());
      table(figure.numbers());
    } else if (block instanceof PageBreak) {
      line("<div class=\"break\"></div>");
    }
  }

  private void list(String begin, List<String> items, String end) {
    line(begin);
    items.forEach(item -> line("<li>%s</li>", item));
    line(end);
  }

  /** The keyboard can reach every part that may scroll. */
  private void table(Table table) {
    tables++;
    String note = table.note().isEmpty() ? "" : " <span class=\"note\">%3$s</span>";
    line(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-%1$s\">\n"
            + "<table>\n<caption><span class=\"caption\" id=\"table-%1$s\">%2$s</span>"
            + note
            + "</caption>",
        String.valueOf(tables),
        table.caption(),
        table.note());
    out.append("<thead><tr>");
    for (int i = 0; i < table.heads().size(); i++) {
      cell("th scope=\"col\"", table, i, table.heads().get(i));
    }
    line("</tr></thead>\n<tbody>");
    for (List<String> row : table.rows()) {
      out.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(i == 0 ? "th scope=\"row\"" : "td", table, i, row.get(i));
      }
      line("</tr>");
    }
    line("</tbody>\n</table>\n</div>");
  }

  private void cell(String tag, Table table, int column, String text) {
    String kind = column < table.texts() ? "" : " class=\"number\"";
    out.append('<').append(tag).append(kind).append('>').append(HtmlText.of(text));
    out.append("</").append(tag, 0, 2).append('>');
  }
}
