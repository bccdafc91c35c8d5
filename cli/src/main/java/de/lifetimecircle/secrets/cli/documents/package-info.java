/** The command that documents a store without its values. */
@NullMarked
package de.lifetimecircle.secrets.cli.documents;

import org.jspecify.annotations.NullMarked;
