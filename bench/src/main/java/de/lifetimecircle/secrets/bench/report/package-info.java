/** The report by which a person chooses a backend: pages, plots, score and their sources. */
@NullMarked
package de.lifetimecircle.secrets.bench.report;

import org.jspecify.annotations.NullMarked;
