/** Secrets in MicroProfile Config: {@code ${secrets::NAME}}, and properties {@code secret.NAME}. */
@NullMarked
package de.lifetimecircle.secrets.microprofile;

import org.jspecify.annotations.NullMarked;
