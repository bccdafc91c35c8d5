/** Reads, writes and deletes of secrets over the SDK's client. */
@NullMarked
package de.lifetimecircle.secrets.azure.store;

import org.jspecify.annotations.NullMarked;
