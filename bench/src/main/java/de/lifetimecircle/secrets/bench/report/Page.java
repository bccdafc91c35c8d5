package de.lifetimecircle.secrets.bench.report;

import java.util.List;

/**
 * A document in one language. Immutable.
 *
 * @param words its language
 * @param title of it
 * @param subtitle of it
 * @param blocks its parts
 */
record Page(Words words, String title, String subtitle, List<Block> blocks) {
  Page {
    blocks = List.copyOf(blocks);
  }
}
