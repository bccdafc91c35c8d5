package de.lifetimecircle.secrets.decision.page;

import java.util.List;

/** A part of a page, without the marks of HTML or Markdown. */
public sealed interface PageBlock
    permits Table,
        PageBlock.Heading,
        PageBlock.Paragraph,
        PageBlock.Listing,
        PageBlock.Warnings,
        PageBlock.Decision,
        PageBlock.Signature,
        PageBlock.Figure,
        PageBlock.PageBreak {
  /**
   * A heading.
   *
   * @param level 2 or 3
   * @param id to link to; empty for none
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
   * @param kind of it
   * @param items of it, in their order
   */
  record Listing(Kind kind, List<String> items) implements PageBlock {
    /** The kind of a list. */
    public enum Kind {
      /** Items of the same rank. */
      ITEMS,
      /** Remarks on the table above, for readers who need the details. */
      REMARKS,
      /** Numbered items. */
      STEPS
    }
  }

  /**
   * Warnings that readers must not overlook.
   *
   * @param title of it
   * @param items one sentence each
   */
  record Warnings(String title, List<String> items) implements PageBlock {}

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
  record Signature(List<String> labels) implements PageBlock {}

  /**
   * A plot with the table of its numbers.
   *
   * @param plot the plot
   * @param numbers what it shows
   */
  record Figure(Plot plot, Table numbers) implements PageBlock {}

  /** The end of the first page. */
  record PageBreak() implements PageBlock {}
}
