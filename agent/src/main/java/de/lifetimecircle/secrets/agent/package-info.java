/** A local server that reads secrets for the programs of one host, each only those it may read. */
@NullMarked
package de.lifetimecircle.secrets.agent;

import org.jspecify.annotations.NullMarked;
