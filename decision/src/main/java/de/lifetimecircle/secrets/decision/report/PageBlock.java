package de.lifetimecircle.secrets.decision.report;

import java.util.List;

/** A part of a page, without the marks of HTML or Markdown. */
sealed interface PageBlock {
  /**
   * A heading.
   *
   * @param level 2 or 3
   * @param id to link to
   * @param text of it
   */
  record Heading(int level, String id, String text) implements PageBlock {}

  /**
   * A paragraph.
   *
   * @param text of it
   */
  record Paragraph(String text) implements PageBlock {}

  /**
   * A list.
   *
   * @param items of it
   */
  record Items(List<String> items) implements PageBlock {
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * Remarks on the table above, for readers who need the details.
   *
   * @param items of it
   */
  record Remarks(List<String> items) implements PageBlock {
    public Remarks {
      items = List.copyOf(items);
    }
  }

  /**
   * A numbered list.
   *
   * @param items of it, in their order
   */
  record Steps(List<String> items) implements PageBlock {
    public Steps {
      items = List.copyOf(items);
    }
  }

  /**
   * Warnings that readers must not overlook.
   *
   * @param title of it
   * @param items one sentence each
   */
  record Warnings(String title, List<String> items) implements PageBlock {
    public Warnings {
      items = List.copyOf(items);
    }
  }

  /**
   * The decision, in large letters.
   *
   * @param label before it
   * @param text of it
   * @param below the text under it
   */
  record Decision(String label, String text, String below) implements PageBlock {}

  /**
   * The lines to sign on.
   *
   * @param labels under the lines
   */
  record Signature(List<String> labels) implements PageBlock {
    public Signature {
      labels = List.copyOf(labels);
    }
  }

  /**
   * A table.
   *
   * @param caption of it
   * @param note in its head: what was real, and what may not be concluded
   * @param heads of the columns
   * @param rows of it
   * @param texts how many columns from the left are text; the others are numbers
   */
  record Grid(String caption, String note, List<String> heads, List<List<String>> rows, int texts)
      implements PageBlock {
    public Grid {
      heads = List.copyOf(heads);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != heads.size()) {
          throw new IllegalArgumentException("cells: " + row.size() + ", heads: " + heads.size());
        }
      }
    }
  }

  /**
   * A plot with the table of its numbers.
   *
   * @param plot the plot
   * @param numbers what it shows
   */
  record Figure(SvgPlot plot, Grid numbers) implements PageBlock {}

  /** The end of the first page. */
  record PageBreak() implements PageBlock {}
}
