/** The store: its index, manifests, locks, recovery and repair. */
@NullMarked
package de.lifetimecircle.secrets.gpg.store;

import org.jspecify.annotations.NullMarked;
