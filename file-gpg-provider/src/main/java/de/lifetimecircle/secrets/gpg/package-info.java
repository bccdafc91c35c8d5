/** The self-hosted store: OpenPGP files that gpg and pass read too. */
@NullMarked
package de.lifetimecircle.secrets.gpg;

import org.jspecify.annotations.NullMarked;
