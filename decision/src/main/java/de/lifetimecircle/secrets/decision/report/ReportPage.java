package de.lifetimecircle.secrets.decision.report;

import java.util.List;

/**
 * A document in one language. Immutable.
 *
 * @param words its language
 * @param title of it
 * @param subtitle of it
 * @param blocks its parts
 */
record ReportPage(ReportText words, String title, String subtitle, List<PageBlock> blocks) {
  ReportPage {
    blocks = List.copyOf(blocks);
  }
}
