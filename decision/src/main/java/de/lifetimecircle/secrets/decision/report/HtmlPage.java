package de.lifetimecircle.secrets.decision.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Writes a page as one HTML file that needs no other, no script and no network. Not thread-safe.
 */
final class HtmlPage {
  private final StringBuilder out = new StringBuilder();
  private int tables;

  private HtmlPage() {}

  static String of(ReportPage page) {
    HtmlPage writer = new HtmlPage();
    writer.document(page);
    return writer.out.toString();
  }

  private void document(ReportPage page) {
    out.append("<!DOCTYPE html>\n<html lang=\"")
        .append(page.words().language())
        .append("\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        // Without it a browser asks for an icon.
        .append("<link rel=\"icon\" href=\"data:,\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    element("title", "", page.title());
    out.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n<header>\n");
    element("h1", "", page.title());
    element("p", " class=\"subtitle\"", page.subtitle());
    out.append("</header>\n");
    page.blocks().forEach(this::block);
    out.append("</main>\n</body>\n</html>\n");
  }

  private static String style() {
    try (InputStream sheet = HtmlPage.class.getResourceAsStream("report.css")) {
      return new String(
          Objects.requireNonNull(sheet, "report.css").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void element(String name, String attributes, String text) {
    out.append('<').append(name).append(attributes).append('>');
    out.append(MarkupEscape.html(text)).append("</").append(name).append(">\n");
  }

  private void block(PageBlock block) {
    if (block instanceof PageBlock.Heading heading) {
      String id = heading.id().isEmpty() ? "" : " id=\"" + MarkupEscape.html(heading.id()) + "\"";
      element("h" + heading.level(), id, heading.text());
    } else if (block instanceof PageBlock.Paragraph paragraph) {
      element("p", "", paragraph.text());
    } else if (block instanceof PageBlock.Items items) {
      list("ul", items.items());
    } else if (block instanceof PageBlock.Remarks remarks) {
      list("ul class=\"remarks\"", remarks.items());
    } else if (block instanceof PageBlock.Steps steps) {
      list("ol", steps.items());
    } else if (block instanceof PageBlock.Warnings warnings) {
      out.append("<section class=\"warnings\">\n");
      element("h2", "", warnings.title());
      list("ul", warnings.items());
      out.append("</section>\n");
    } else if (block instanceof PageBlock.Decision decision) {
      decision(decision);
    } else if (block instanceof PageBlock.Signature signature) {
      signature(signature);
    } else if (block instanceof PageBlock.Grid grid) {
      grid(grid);
    } else if (block instanceof PageBlock.Figure figure) {
      out.append("<figure>\n").append(figure.plot().element());
      out.append("\n<figcaption>").append(MarkupEscape.html(figure.plot().title()));
      out.append("</figcaption>\n</figure>\n");
      grid(figure.numbers());
    } else if (block instanceof PageBlock.PageBreak) {
      out.append("<div class=\"break\"></div>\n");
    }
  }

  private void list(String name, List<String> items) {
    out.append('<').append(name).append(">\n");
    items.forEach(item -> element("li", "", item));
    out.append("</").append(name.split(" ", 2)[0]).append(">\n");
  }

  private void decision(PageBlock.Decision decision) {
    out.append("<section class=\"decision\">\n");
    element("p", " class=\"label\"", decision.label());
    element("p", " class=\"choice\"", decision.text());
    element("p", " class=\"below\"", decision.below());
    out.append("</section>\n");
  }

  private void signature(PageBlock.Signature signature) {
    out.append("<section class=\"signature\">\n");
    signature.labels().forEach(label -> element("p", "", label));
    out.append("</section>\n");
  }

  private void grid(PageBlock.Grid grid) {
    String id = "table-" + ++tables;
    // The keyboard can reach every part that may scroll.
    out.append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"");
    out.append(id).append("\">\n<table>\n<caption><span class=\"caption\" id=\"").append(id);
    out.append("\">").append(MarkupEscape.html(grid.caption())).append("</span>");
    if (!grid.note().isEmpty()) {
      out.append(" <span class=\"note\">").append(MarkupEscape.html(grid.note())).append("</span>");
    }
    out.append("</caption>\n<thead><tr>");
    for (int i = 0; i < grid.heads().size(); i++) {
      out.append("<th scope=\"col\"").append(kind(grid, i)).append('>');
      out.append(MarkupEscape.html(grid.heads().get(i))).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    grid.rows().forEach(row -> row(grid, row));
    out.append("</tbody>\n</table>\n</div>\n");
  }

  private void row(PageBlock.Grid grid, List<String> row) {
    out.append("<tr>");
    for (int i = 0; i < row.size(); i++) {
      String name = i == 0 ? "th" : "td";
      out.append('<').append(name).append(i == 0 ? " scope=\"row\"" : "").append(kind(grid, i));
      out.append('>').append(MarkupEscape.html(row.get(i))).append("</").append(name).append('>');
    }
    out.append("</tr>\n");
  }

  private static String kind(PageBlock.Grid grid, int column) {
    return column < grid.texts() ? "" : " class=\"number\"";
  }
}
