/** The way of the SDK's requests to the network. */
@NullMarked
package de.lifetimecircle.secrets.azure.transport;

import org.jspecify.annotations.NullMarked;
