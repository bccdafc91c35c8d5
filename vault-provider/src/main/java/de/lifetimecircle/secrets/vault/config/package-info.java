/** The settings of the store, and the variables of the environment that hold without them. */
@NullMarked
package de.lifetimecircle.secrets.vault.config;

import org.jspecify.annotations.NullMarked;
