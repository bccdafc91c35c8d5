/** Makes the texts of documents: templates that the build compiles to classes. */
@NullMarked
package de.lifetimecircle.secrets.operations.text;

import org.jspecify.annotations.NullMarked;
