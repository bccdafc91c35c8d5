package de.lifetimecircle.secrets.springboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the static field whose store the application reads in a test, in place of a backend. The
 * field is in the test class, or in a class around or above it.
 *
 * <pre>{@code
 * @SpringBootTest
 * class PaymentTest {
 *   @TestSecretStore
 *   static final FakeStore STORE = FakeStore.create().holding("PAYMENT_KEY", "for tests");
 * }
 * }</pre>
 *
 * <p>The import {@code secrets:} may be missing in the test's configuration. No context closes the
 * store, so test classes may share that of a class above them.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface TestSecretStore {}
