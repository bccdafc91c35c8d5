package de.lifetimecircle.secrets.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a test class inside a test, out of sight of the build, to see how it ends. */
final class Launch implements TestExecutionListener {
  private static volatile boolean running;

  private final Map<String, List<Throwable>> failures = new TreeMap<>();
  private final List<String> passed = new ArrayList<>();

  /** For classes that must run here only. */
  static boolean isRunning() {
    return running;
  }

  /** What failed, by name of the method. */
  Map<String, List<Throwable>> failures() {
    return failures;
  }

  List<String> passed() {
    return passed;
  }

  /** Runs these methods of the class; all of them if none is named. */
  static Launch run(Class<?> testClass, Set<String> methods) {
    PostDiscoveryFilter named =
        descriptor -> FilterResult.includedIf(methods.isEmpty() || isNamed(descriptor, methods));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(testClass))
            .filters(named)
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .build();
    Launch launch = new Launch();
    running = true;
    try {
      LauncherFactory.create().execute(request, launch);
    } finally {
      running = false;
    }
    return launch;
  }

  private static boolean isNamed(TestDescriptor descriptor, Set<String> methods) {
    return descriptor
        .getSource()
        .map(s -> !(s instanceof MethodSource m) || methods.contains(m.getMethodName()))
        .orElse(true);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String name =
        test.getSource()
            .map(s -> s instanceof MethodSource m ? m.getMethodName() : test.getDisplayName())
            .orElse(test.getDisplayName());
    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
      failures
          .computeIfAbsent(name, n -> new ArrayList<>())
          .add(result.getThrowable().orElseGet(() -> new AssertionError("no reason")));
    } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
      passed.add(name);
    }
  }
}
