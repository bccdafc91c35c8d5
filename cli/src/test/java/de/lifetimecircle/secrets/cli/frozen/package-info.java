/** Tests that compare generated files and documents with their bytes of before. */
@NullMarked
package de.lifetimecircle.secrets.cli.frozen;

import org.jspecify.annotations.NullMarked;
