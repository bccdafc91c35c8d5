/** Small runnable services that show the library at work; not published. */
@NullMarked
package de.lifetimecircle.secrets.examples;

import org.jspecify.annotations.NullMarked;
