/** The meaning of the errors of AWS, and the words for them. */
@NullMarked
package de.lifetimecircle.secrets.aws.errors;

import org.jspecify.annotations.NullMarked;
