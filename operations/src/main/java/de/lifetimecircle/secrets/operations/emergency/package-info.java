/**
 * The emergency: an exposed secret is replaced at once, nothing old stays valid, and what was done
 * is written down with its times. On a scratch store it is a drill.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.emergency;

import org.jspecify.annotations.NullMarked;
