/** Scripts and names by which a shell completes a command line, without asking a backend. */
@NullMarked
package de.lifetimecircle.secrets.cli.completion;

import org.jspecify.annotations.NullMarked;
