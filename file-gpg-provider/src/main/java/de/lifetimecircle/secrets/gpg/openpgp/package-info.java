/**
 * OpenPGP messages, keys and signatures. Hides the OpenPGP library from the store; only the package
 * for gpg-agent, which plugs its keys in here, uses the library as well.
 */
@NullMarked
package de.lifetimecircle.secrets.gpg.openpgp;

import org.jspecify.annotations.NullMarked;
