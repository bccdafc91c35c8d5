/** A whole backend of somebody else, as small as the contract allows: files, not encrypted. */
@NullMarked
package de.lifetimecircle.secrets.examples.plain;

import org.jspecify.annotations.NullMarked;
