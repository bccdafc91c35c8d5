package de.lifetimecircle.secrets.springboot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** As a user's test: the context is made by Spring's own test framework. */
@ExtendWith(SpringExtension.class)
@ContextConfiguration(classes = Applications.Empty.class)
class TestSecretStoreTest {
  @TestSecretStore static final FakeStore STORE = FakeStore.create().holding("KEY", "for tests");

  @Value("${secret.KEY}")
  private String value;

  @Autowired private SecretProvider provider;

  static final class WrongField {
    @TestSecretStore final FakeStore notStatic = FakeStore.create();
  }

  static final class Around {
    @TestSecretStore static final FakeStore OUTER = FakeStore.create();

    static final class Nested {}
  }

  @Test
  void theApplicationReadsTheStoreOfTheTest() {
    assertThat(value).isEqualTo("for tests");
    assertThat(provider.get("KEY").asString()).isEqualTo("for tests");
  }

  @Test
  void theFieldIsFoundAroundTheClassAndHasToBeStatic() {
    TestStoreCustomizerFactory factory = new TestStoreCustomizerFactory();
    assertThat(factory.createContextCustomizer(Around.Nested.class, List.of()))
        .as("so that both share a context")
        .isEqualTo(factory.createContextCustomizer(Around.class, List.of()))
        .isNotEqualTo(factory.createContextCustomizer(TestSecretStoreTest.class, List.of()));
    assertThat(factory.createContextCustomizer(FakeStore.class, List.of())).isNull();
    assertThatThrownBy(() -> factory.createContextCustomizer(WrongField.class, List.of()))
        .hasMessageContaining("expected: a static field");
  }

  /** As classes that share the store of a class above them, of which one is a dirty one. */
  @Test
  void aContextThatEndsLeavesTheStoreToTheNext() {
    ContextCustomizer customizer =
        requireNonNull(
            new TestStoreCustomizerFactory().createContextCustomizer(Around.class, List.of()));
    for (String expected : List.of("first", "second")) {
      Around.OUTER.holding("KEY", expected);
      SpringApplication application = new SpringApplication(Applications.Empty.class);
      application.setWebApplicationType(WebApplicationType.NONE);
      application.addInitializers(context -> customizer.customizeContext(context, null));
      try (ConfigurableApplicationContext app = application.run()) {
        assertThat(app.getEnvironment().getProperty("secret.KEY")).isEqualTo(expected);
        assertThat(app.getBean(SecretProvider.class).list(""))
            .as("the abilities of the store")
            .containsExactly("KEY");
      }
    }
  }
}
