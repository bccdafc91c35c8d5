/**
 * The building blocks of documents in the repository: languages, texts, Markdown, file names, and
 * the state of a store without its values.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.documents;

import org.jspecify.annotations.NullMarked;
