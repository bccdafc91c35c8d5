package de.lifetimecircle.secrets.decision.page;

import java.util.List;

/**
 * A document in one language. Immutable.
 *
 * @param language its two letters
 * @param title of it
 * @param subtitle of it; empty for none
 * @param blocks its parts
 */
public record Page(String language, String title, String subtitle, List<PageBlock> blocks) {}
