/** Reads, writes and deletes of secrets in both versions of the KV engine. */
@NullMarked
package de.lifetimecircle.secrets.vault.store;

import org.jspecify.annotations.NullMarked;
