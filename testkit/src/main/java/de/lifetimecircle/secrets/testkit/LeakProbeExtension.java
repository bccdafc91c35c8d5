package de.lifetimecircle.secrets.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs each test of a class inside a {@link LeakProbe} and fails the test if a secret showed.
 *
 * <pre>{@code
 * @ExtendWith(LeakProbeExtension.class)
 * final class ServiceTest {
 *   @Test
 *   void startsUp(LeakProbe probe) {
 *     service.startWith(probe.canary("api key"));
 *   }
 * }
 * }</pre>
 *
 * <p>The probe also checks the exception of a failing test.
 */
public final class LeakProbeExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(LeakProbeExtension.class);

  /** For JUnit. */
  public LeakProbeExtension() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    probe(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    LeakProbe probe = probe(context);
    try (probe) {
      context.getExecutionException().ifPresent(e -> probe.look("exception of the test", e));
      probe.assertClean();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LeakProbe.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return probe(context);
  }

  private static LeakProbe probe(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(LeakProbe.class, type -> LeakProbe.start(), LeakProbe.class);
  }
}
