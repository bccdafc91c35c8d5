/**
 * The documents about an environment, and the building blocks of all documents: languages, texts,
 * Markdown, file names, and the state of a store without its values.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.documents;

import org.jspecify.annotations.NullMarked;
