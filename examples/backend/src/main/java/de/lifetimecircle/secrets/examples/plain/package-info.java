/**
 * A whole backend from outside this project, as small as the contract allows: files, not encrypted.
 */
@NullMarked
package de.lifetimecircle.secrets.examples.plain;

import org.jspecify.annotations.NullMarked;
