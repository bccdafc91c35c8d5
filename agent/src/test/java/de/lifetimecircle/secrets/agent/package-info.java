@NullMarked
package de.lifetimecircle.secrets.agent;

import org.jspecify.annotations.NullMarked;
