/** Where the token comes from, and how it is renewed. */
@NullMarked
package de.lifetimecircle.secrets.azure.login;

import org.jspecify.annotations.NullMarked;
