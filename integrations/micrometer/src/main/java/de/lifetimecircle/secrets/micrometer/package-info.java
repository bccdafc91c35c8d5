/** Loads, failures, ages and costs as meters of Micrometer. */
@NullMarked
package de.lifetimecircle.secrets.micrometer;

import org.jspecify.annotations.NullMarked;
