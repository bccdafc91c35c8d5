/** The store as the API calls it, and what it tells people about itself. */
@NullMarked
package de.lifetimecircle.secrets.gpg.store;

import org.jspecify.annotations.NullMarked;
