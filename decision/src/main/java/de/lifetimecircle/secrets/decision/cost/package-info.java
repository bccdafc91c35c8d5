/** A model of the cost and the quotas of a plan on each backend; nothing is measured. */
@NullMarked
package de.lifetimecircle.secrets.decision.cost;

import org.jspecify.annotations.NullMarked;
