/** A page as a tree of parts, and its renderings as HTML, Markdown and text. */
@NullMarked
package de.lifetimecircle.secrets.decision.page;

import org.jspecify.annotations.NullMarked;
