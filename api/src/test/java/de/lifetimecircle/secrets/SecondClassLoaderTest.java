package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.internal.metrics.JmxMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library twice in one JVM, and on threads whose context class loader is somebody else's. */
class SecondClassLoaderTest {
  private static final String SERVICES =
      "META-INF/services/de.lifetimecircle.secrets.spi.SecretStoreFactory";

  @TempDir Path folder;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void giveBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** As a second application in one container has the library. */
  private static URLClassLoader another() {
    URL library = SecretProvider.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader());
  }

  private static Object showFigures(ClassLoader loader) throws Exception {
    Class<?> type = Class.forName(JmxMetrics.class.getName(), true, loader);
    Constructor<?> constructor = type.getDeclaredConstructor(String.class);
    constructor.setAccessible(true);
    Object metrics = constructor.newInstance("twice");
    call(metrics, "opened", (Supplier<?>) () -> "not asked for");
    return metrics;
  }

  private static void call(Object target, String name, Object... arguments) throws Exception {
    for (Method method : target.getClass().getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        method.setAccessible(true);
        method.invoke(target, arguments);
      }
    }
  }

  private static int beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName("de.lifetimecircle.secrets:scheme=twice,*"), null)
        .size();
  }

  @Test
  void eachShowsItsFiguresWithJmx() throws Exception {
    try (URLClassLoader first = another();
        URLClassLoader second = another()) {
      Object one = showFigures(first);
      Object two = showFigures(second);
      assertThat(beans()).isEqualTo(2);
      call(one, "closed");
      call(two, "closed");
      assertThat(beans()).isZero();
    }
  }

  /** A library that brings its provider, as a loader of plug-ins has it; the class is ours. */
  private ClassLoader withProvider() throws Exception {
    Path services = folder.resolve(SERVICES);
    Files.createDirectories(services.getParent());
    Files.writeString(services, KeysOfVault.class.getName());
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
  }

  private static SecretProvider open() {
    return SecretProvider.builder().environment(Map.of()).backend("vault").build();
  }

  @Test
  void findsTheProvidersOfTheContext() throws Exception {
    Thread.currentThread().setContextClassLoader(withProvider());
    open().close();
  }

  @Test
  void findsItsOwnProvidersWhateverTheContextIs() throws Exception {
    try (URLClassLoader plugin = childFirst(withProvider());
        URLClassLoader other = childFirst(withProvider())) {
      List<ClassLoader> contexts =
          List.of(
              ClassLoader.getPlatformClassLoader(),
              other,
              withoutFiles(plugin),
              withOwnFileOnly(plugin));
      for (ClassLoader context : contexts) {
        Thread.currentThread().setContextClassLoader(context);
        Object opened = openBy(plugin);
        assertThat(opened.getClass().getClassLoader()).isSameAs(plugin);
        call(opened, "close");
      }
    }
  }

  /** Each search opens every jar on the class path, and loads the settings of what it finds. */
  @Test
  void searchesForExtensionsOnlyIfSomethingNamesOne() {
    List<String> searched = new ArrayList<>();
    Thread.currentThread()
        .setContextClassLoader(
            new ClassLoader(before) {
              @Override
              public Enumeration<URL> getResources(String name) throws IOException {
                searched.add(name.substring(name.lastIndexOf('.') + 1));
                return super.getResources(name);
              }
            });
    openWith(Map.of("SECRETS_SOFT_AGE", "1m"));
    assertThat(searched)
        .contains("properties")
        .doesNotContain("SecretMetricsFactory", "RotationChannelFactory");
    openWith(Map.of("SECRETS_COUNTING_NAMES", "A"));
    assertThat(searched).contains("SecretMetricsFactory", "RotationChannelFactory");
  }

  private static void openWith(Map<String, String> environment) {
    SecretProvider.builder().environment(environment).store(new NoStore()).build().close();
  }

  /** One that has the library of its parent, and sees no provider. */
  private static ClassLoader withoutFiles(ClassLoader parent) {
    return new ClassLoader(parent) {
      @Override
      public Enumeration<URL> getResources(String name) {
        return Collections.emptyEnumeration();
      }
    };
  }

  /** One that has a provider of its own, and hides the files of its parent. */
  private ClassLoader withOwnFileOnly(ClassLoader parent) throws IOException {
    Path services = folder.resolve("own").resolve(SERVICES);
    Files.createDirectories(services.getParent());
    Files.writeString(services, KeysOfVault.KeysOfDatabase.class.getName());
    return new URLClassLoader(new URL[] {folder.resolve("own").toUri().toURL()}, parent) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return findResources(name);
      }
    };
  }

  /** The library as that loader has it. */
  private static Object openBy(ClassLoader loader) throws Exception {
    Class<?> type = Class.forName(SecretProvider.class.getName(), true, loader);
    Object builder = type.getMethod("builder").invoke(null);
    Class<?> ofBuilder = builder.getClass();
    ofBuilder.getMethod("environment", Map.class).invoke(builder, Map.of());
    ofBuilder.getMethod("backend", String.class).invoke(builder, "vault");
    return ofBuilder.getMethod("build").invoke(builder);
  }

  /** One that has library and provider itself, and nothing of its parent but the JDK. */
  private URLClassLoader childFirst(ClassLoader services) throws Exception {
    assertThat(services.getResource(SERVICES)).isNotNull();
    return new URLClassLoader(
        new URL[] {
          SecretProvider.class.getProtectionDomain().getCodeSource().getLocation(),
          KeysOfVault.class.getProtectionDomain().getCodeSource().getLocation(),
          folder.toUri().toURL()
        },
        ClassLoader.getPlatformClassLoader());
  }
}
