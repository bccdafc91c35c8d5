/** What a plan costs on each backend, and which limits it meets: a model, nothing is measured. */
@NullMarked
package de.lifetimecircle.secrets.bench.cost;

import org.jspecify.annotations.NullMarked;
