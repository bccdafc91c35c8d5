/**
 * The building blocks of documents in the repository: languages, Markdown, places of files, and the
 * state of a store without its values.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.documents;

import org.jspecify.annotations.NullMarked;
