/** The protocol of gpg-agent, for keys that never leave it. */
@NullMarked
package de.lifetimecircle.secrets.gpg.gpgagent;

import org.jspecify.annotations.NullMarked;
