/**
 * Looks for the actual values of secrets in files, logs and the history of git, in whatever form
 * they may have got there, and tells where without showing one.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.scan;

import org.jspecify.annotations.NullMarked;
