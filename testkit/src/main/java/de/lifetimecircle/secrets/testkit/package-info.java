/** The contract that every backend passes, and the fakes to test it with. */
@NullMarked
package de.lifetimecircle.secrets.testkit;

import org.jspecify.annotations.NullMarked;
