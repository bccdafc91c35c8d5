/** The rules: which user and which token may read which names. */
@NullMarked
package de.lifetimecircle.secrets.agent.rules;

import org.jspecify.annotations.NullMarked;
