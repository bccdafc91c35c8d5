/** The report by which a team chooses a backend: pages, plots, scores and their sources. */
@NullMarked
package de.lifetimecircle.secrets.decision.report;

import org.jspecify.annotations.NullMarked;
