/** The forms in which clients ask: the agent's own, those of AWS and Vault, and the status. */
@NullMarked
package de.lifetimecircle.secrets.agent.dialect;

import org.jspecify.annotations.NullMarked;
