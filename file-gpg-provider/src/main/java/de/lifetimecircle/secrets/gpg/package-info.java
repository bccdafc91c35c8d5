/** Secrets as OpenPGP files in a folder: the {@code gpg} scheme. */
@NullMarked
package de.lifetimecircle.secrets.gpg;

import org.jspecify.annotations.NullMarked;
