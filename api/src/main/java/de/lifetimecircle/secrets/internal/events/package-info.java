/** Events for listeners and asynchronous answers: both run code of the provider's user. */
@NullMarked
package de.lifetimecircle.secrets.internal.events;

import org.jspecify.annotations.NullMarked;
