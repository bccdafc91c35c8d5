/** The rules for names, and the engine's access to the public types; uses no other room. */
@NullMarked
package de.lifetimecircle.secrets.internal.types;

import org.jspecify.annotations.NullMarked;
