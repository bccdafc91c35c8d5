package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.testkit.FakeStore;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spring adds the property sources of a parent context to its children. */
final class ParentContextTest {
  private final FakeStore store =
      FakeStore.create().holding("KEY", "first").holding("OTHER", "of other");

  /** Without the starter's beans. */
  @Configuration(proxyBeanMethods = false)
  static class Slice {}

  @Configuration(proxyBeanMethods = false)
  static class Failing {
    @Bean
    Object failing() {
      throw new IllegalStateException("of a bean");
    }
  }

  private static ConfigurableApplicationContext child(
      ConfigurableApplicationContext parent, Class<?> beans, String... arguments) {
    return new SpringApplicationBuilder(beans)
        .parent(parent)
        .web(WebApplicationType.NONE)
        .run(arguments);
  }

  @ParameterizedTest
  @ValueSource(classes = {Applications.Empty.class, Slice.class})
  void aChildThatClosesLeavesTheProviderOfItsParentOpen(Class<?> beans) {
    ConfigurableApplicationContext parent = Applications.start(store, IMPORT);
    try (ConfigurableApplicationContext child = child(parent, beans)) {
      assertThat(child.getEnvironment().getProperty("secret.KEY")).isEqualTo("first");
    }
    assertThat(store.closed()).isFalse();
    assertThat(parent.getEnvironment().getProperty("secret.OTHER")).isEqualTo("of other");

    assertThatThrownBy(() -> child(parent, Failing.class)).hasStackTraceContaining("of a bean");
    assertThat(parent.getEnvironment().getProperty("secret.OTHER")).isEqualTo("of other");

    parent.close();
    assertThat(store.closed()).isTrue();
  }

  @Test
  void aChildWithAnImportOfItsOwnClosesItsOwnProvider() {
    FakeStore ofChild = FakeStore.create().holding("KEY", "of the child");
    try (ConfigurableApplicationContext parent = Applications.start(store, IMPORT)) {
      assertThat(parent.getEnvironment().getProperty("secret.KEY")).isEqualTo("first");
      ConfigurableApplicationContext child =
          new SpringApplicationBuilder(Slice.class)
              .parent(parent)
              .web(WebApplicationType.NONE)
              .initializers(
                  context -> new TestStoreCustomizer(ofChild).customizeContext(context, null))
              .run("--" + IMPORT);
      assertThat(child.getEnvironment().getProperty("secret.KEY")).isEqualTo("of the child");
      child.close();
      assertThat(ofChild.closed()).isTrue();
      assertThat(store.closed()).isFalse();
    }
  }

  @Test
  void aParentKeepsNothingOfAClosedChild() {
    try (ConfigurableApplicationContext parent = Applications.start(store, IMPORT)) {
      ConfigurableApplicationContext child = child(parent, Applications.Empty.class);
      WeakReference<Object> closed = new WeakReference<>(child);
      child.close();
      child = null;
      Applications.await(
          () -> {
            System.gc();
            return closed.refersTo(null);
          });
    }
  }
}
