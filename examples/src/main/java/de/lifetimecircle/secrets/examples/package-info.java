/** Small runnable services that read their secrets. */
@NullMarked
package de.lifetimecircle.secrets.examples;

import org.jspecify.annotations.NullMarked;
