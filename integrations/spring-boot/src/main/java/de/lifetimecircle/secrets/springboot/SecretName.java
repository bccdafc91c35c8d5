package de.lifetimecircle.secrets.springboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the secret that an injected {@link de.lifetimecircle.secrets.SecretHandle} reads.
 *
 * <pre>{@code
 * PaymentClient(@SecretName("PAYMENT_KEY") SecretHandle key) { … }
 * }</pre>
 *
 * <p>Each place gets a handle of its own, which follows rotations until the provider closes. A bean
 * of one request leaves nothing behind.
 */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface SecretName {
  /** The name of the secret. */
  String value();
}
