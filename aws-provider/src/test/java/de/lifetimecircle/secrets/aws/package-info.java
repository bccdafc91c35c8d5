/** Tests of the store in AWS Secrets Manager. */
@NullMarked
package de.lifetimecircle.secrets.aws;

import org.jspecify.annotations.NullMarked;
