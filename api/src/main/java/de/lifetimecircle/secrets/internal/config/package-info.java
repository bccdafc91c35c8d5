/** The settings: where they come from, what they mean, and what they open on the class path. */
@NullMarked
package de.lifetimecircle.secrets.internal.config;

import org.jspecify.annotations.NullMarked;
