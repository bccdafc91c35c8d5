/** Where the credentials come from, and how they are renewed. */
@NullMarked
package de.lifetimecircle.secrets.aws.login;

import org.jspecify.annotations.NullMarked;
