package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The names in role assignments are those that the provider stores. Here, because this class path
 * has both, and by reflection, because neither shows its escape to others.
 */
class AzureScopeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "prod/LTC_SECRET_KEY",
        "a",
        "A",
        "aBcD",
        "x-y_z.w/1",
        "9/A-b",
        "\u00e4/\u00df",
        "A/1/B"
      })
  void isTheNameThatTheProviderStores(String name) throws ReflectiveOperationException {
    assertThat(called("operations.policy.AzurePolicy", "stored", name))
        .isEqualTo(called("azure.form.NameEscape", "encode", name));
  }

  private static Object called(String type, String method, String name)
      throws ReflectiveOperationException {
    Method escape =
        Class.forName("de.lifetimecircle.secrets." + type).getDeclaredMethod(method, String.class);
    escape.setAccessible(true);
    return escape.invoke(null, name);
  }
}
