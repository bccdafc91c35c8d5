/** The settings of the store, and where other Azure programs take theirs from. */
@NullMarked
package de.lifetimecircle.secrets.azure.config;

import org.jspecify.annotations.NullMarked;
