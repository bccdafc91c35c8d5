/** The way of a request from the driver to the server. */
@NullMarked
package de.lifetimecircle.secrets.vault.transport;

import org.jspecify.annotations.NullMarked;
