/** The settings of the store, and where the key and its passphrase come from. */
@NullMarked
package de.lifetimecircle.secrets.gpg.config;

import org.jspecify.annotations.NullMarked;
