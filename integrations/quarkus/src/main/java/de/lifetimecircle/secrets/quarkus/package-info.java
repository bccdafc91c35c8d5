/** Credentials for data sources of Quarkus that follow a rotation, and the provider as a bean. */
@NullMarked
package de.lifetimecircle.secrets.quarkus;

import org.jspecify.annotations.NullMarked;
