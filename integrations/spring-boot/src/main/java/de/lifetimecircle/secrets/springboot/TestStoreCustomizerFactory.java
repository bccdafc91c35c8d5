package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;

/** Finds the field that {@link TestSecretStore} marks. */
final class TestStoreCustomizerFactory implements ContextCustomizerFactory {
  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
    for (Class<?> around = testClass; around != null; around = around.getEnclosingClass()) {
      for (Class<?> each = around; each != null; each = each.getSuperclass()) {
        for (Field field : each.getDeclaredFields()) {
          if (field.isAnnotationPresent(TestSecretStore.class)) {
            return new TestStoreCustomizer(SharedStore.of(store(field)));
          }
        }
      }
    }
    return null;
  }

  private static SecretStore store(Field field) {
    try {
      field.setAccessible(true);
      if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof SecretStore store) {
        return store;
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Cannot read " + field, e);
    }
    throw new IllegalStateException(
        "Cannot use " + field + " (expected: a static field that holds a SecretStore)");
  }
}
