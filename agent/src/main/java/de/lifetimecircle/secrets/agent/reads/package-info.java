/** Reads that passed the rules: what callers share, what they wait for, and the log of it. */
@NullMarked
package de.lifetimecircle.secrets.agent.reads;

import org.jspecify.annotations.NullMarked;
