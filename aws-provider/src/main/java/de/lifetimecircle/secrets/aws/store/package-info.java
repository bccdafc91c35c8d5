/** The calls of AWS Secrets Manager behind the interfaces of a backend. */
@NullMarked
package de.lifetimecircle.secrets.aws.store;

import org.jspecify.annotations.NullMarked;
