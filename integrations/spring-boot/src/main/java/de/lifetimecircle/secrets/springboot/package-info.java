/** Secrets as properties, beans, health and SSL bundles of Spring Boot 3.5 and 4. */
@NullMarked
package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.NullMarked;
