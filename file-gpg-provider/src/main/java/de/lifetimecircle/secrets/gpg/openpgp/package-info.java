/** OpenPGP messages, keys and signatures: the only code that uses the OpenPGP library. */
@NullMarked
package de.lifetimecircle.secrets.gpg.openpgp;

import org.jspecify.annotations.NullMarked;
