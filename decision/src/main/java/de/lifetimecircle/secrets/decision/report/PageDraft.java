package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.Page;
import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.PageBlock.Listing.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Collects the parts of a page in one language. Not thread-safe. */
final class PageDraft {
  private final ReportText words;
  private final List<PageBlock> blocks = new ArrayList<>();

  PageDraft(ReportText words) {
    this.words = words;
  }

  Page page(String title, String subtitle) {
    return new Page(words.language().code(), title, subtitle, List.copyOf(blocks));
  }

  PageDraft add(PageBlock block) {
    blocks.add(block);
    return this;
  }

  /** A heading whose id is the key of its text. */
  PageDraft heading(int level, String key) {
    return add(new PageBlock.Heading(level, key, words.text(key)));
  }

  /** A heading that nothing links to. */
  PageDraft headingWithoutId(String key) {
    return add(new PageBlock.Heading(2, "", words.text(key)));
  }

  PageDraft paragraph(String text) {
    return add(new PageBlock.Paragraph(text));
  }

  PageDraft text(String key, Object... parts) {
    return paragraph(words.text(key, parts));
  }

  PageDraft listing(Kind kind, List<String> items) {
    return add(new PageBlock.Listing(kind, items));
  }

  PageDraft signature() {
    return add(
        new PageBlock.Signature(
            Stream.of("sign.name", "sign.place", "sign.signature")
                .map(key -> words.text(key))
                .toList()));
  }
}
