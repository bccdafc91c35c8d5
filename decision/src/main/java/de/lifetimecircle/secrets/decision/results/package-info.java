/** The results of a comparison of backends, and their file. */
@NullMarked
package de.lifetimecircle.secrets.decision.results;

import org.jspecify.annotations.NullMarked;
