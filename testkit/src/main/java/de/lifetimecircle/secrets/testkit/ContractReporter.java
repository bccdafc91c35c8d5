package de.lifetimecircle.secrets.testkit;

import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;

/** Collects the results of one contract class and hands out the report after its last test. */
final class ContractReporter
    implements AfterEachCallback, AfterAllCallback, InvocationInterceptor, TestWatcher {
  private static final Namespace NAMESPACE = Namespace.create(ContractReporter.class);

  /** The results so far. Tests of one class may run in parallel. */
  private static final class Results {
    private final List<String> passed = new CopyOnWriteArrayList<>();
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private final Map<String, String> excused = new ConcurrentSkipListMap<>();
    private final Map<String, String> notApplicable = new ConcurrentSkipListMap<>();
    private final Map<String, String> measures = new ConcurrentSkipListMap<>();
    private volatile @Nullable SecretStoreContract contract;

    private void seen(SecretStoreContract instance) {
      contract = instance;
      measures.putAll(instance.measures());
    }

    private @Nullable ContractReport report() {
      SecretStoreContract last = contract;
      if (last == null) {
        return null;
      }
      Set<Fault> untested = EnumSet.allOf(Fault.class);
      untested.removeAll(last.faults().supported());
      return new ContractReport(
          last.scheme(),
          last.server(),
          last.declared(),
          passed,
          failed,
          excused,
          notApplicable,
          untested,
          last.limits(),
          measures);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getRequiredTestInstance() instanceof SecretStoreContract contract) {
      results(context).seen(contract);
    }
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  /** Runs a test; one that is excused has to fail. */
  private static void proceed(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    Optional<String> excuse = excuse(context);
    if (excuse.isEmpty()) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Throwable deviation) {
      throw new Excused(excuse.get(), deviation);
    }
    throw new AssertionError("It passes, so it needs no excuse any more: " + excuse.get());
  }

  private static Optional<String> excuse(ExtensionContext context) {
    if (!(context.getRequiredTestInstance() instanceof SecretStoreContract contract)) {
      return Optional.empty();
    }
    Map<String, String> excuses = contract.excuses();
    String method = context.getRequiredTestMethod().getName();
    // "[3] fault = DENIED" is excused as "method[fault = DENIED]": numbers change too easily.
    String shown = context.getDisplayName().replaceFirst("^\\[[0-9]+] ", "");
    return Optional.ofNullable(excuses.get(method))
        .or(() -> Optional.ofNullable(excuses.get(method + "[" + shown + "]")));
  }

  /** Why a test that failed does not count as failed. */
  private static final class Excused extends TestAbortedException {
    private static final long serialVersionUID = 1L;

    private Excused(String excuse, Throwable deviation) {
      super(excuse, deviation);
    }
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    results(context).passed.add(label(context));
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    results(context).failed.add(label(context));
  }

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    if (cause instanceof Excused) {
      results(context).excused.put(label(context), reason(cause));
    } else {
      notApplicable(context, cause == null ? "no reason given" : reason(cause));
    }
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    notApplicable(context, "disabled: " + reason.orElse("no reason given"));
  }

  private static void notApplicable(ExtensionContext context, String why) {
    results(context).notApplicable.put(label(context), why);
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.replace("Assumption failed: ", "");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Results results = context.getStore(NAMESPACE).get(key(context), Results.class);
    ContractReport report = results == null ? null : results.report();
    SecretStoreContract contract = results == null ? null : results.contract;
    if (report != null && contract != null) {
      contract.publish(report);
      requireTests(contract);
    }
  }

  /** A name with a mistake, or of a test that has another name now, would excuse nothing. */
  private static void requireTests(SecretStoreContract contract) {
    Set<String> unknown = new TreeSet<>(contract.excuses().keySet());
    for (Method test :
        ReflectionSupport.findMethods(
            contract.getClass(), method -> true, HierarchyTraversalMode.TOP_DOWN)) {
      unknown.removeIf(excused -> excused.replaceFirst("\\[.*", "").equals(test.getName()));
    }
    if (!unknown.isEmpty()) {
      throw new AssertionError("excuses: " + unknown + " (expected: names of tests)");
    }
  }

  private static Results results(ExtensionContext context) {
    ExtensionContext ofClass = context;
    while (ofClass.getTestMethod().isPresent() && ofClass.getParent().isPresent()) {
      ofClass = ofClass.getParent().get();
    }
    return ofClass
        .getStore(NAMESPACE)
        .computeIfAbsent(key(ofClass), k -> new Results(), Results.class);
  }

  private static String key(ExtensionContext context) {
    return context.getRequiredTestClass().getName();
  }

  /** The part of the contract and the test; of a repeated one its number and argument as well. */
  private static String label(ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    String part = method.getDeclaringClass().getSimpleName().replace("Contract", "");
    String shown = context.getDisplayName();
    boolean repeated = shown.startsWith("[");
    return part + "." + method.getName() + (repeated ? shown : "");
  }
}
