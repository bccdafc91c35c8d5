/**
 * An open store: its creation, reads with and without the lock, changes of a name, recovery after a
 * crash, and changes of the recipients.
 */
@NullMarked
package de.lifetimecircle.secrets.gpg.session;

import org.jspecify.annotations.NullMarked;
