/** The settings of the store, and where every AWS program takes them from. */
@NullMarked
package de.lifetimecircle.secrets.aws.config;

import org.jspecify.annotations.NullMarked;
