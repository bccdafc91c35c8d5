/**
 * The disk: paths and names, durable writes in transactions, checks of owners and rights, and
 * locks.
 */
@NullMarked
package de.lifetimecircle.secrets.gpg.files;

import org.jspecify.annotations.NullMarked;
