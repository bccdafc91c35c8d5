/** Where the token comes from, and how it is renewed and replaced. */
@NullMarked
package de.lifetimecircle.secrets.vault.login;

import org.jspecify.annotations.NullMarked;
