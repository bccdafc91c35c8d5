package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.ContextConfiguration;
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
        .isEqualTo(new TestStoreCustomizer(Around.OUTER));
    assertThat(factory.createContextCustomizer(FakeStore.class, List.of())).isNull();
    assertThatThrownBy(() -> factory.createContextCustomizer(WrongField.class, List.of()))
        .hasMessageContaining("expected: a static field");
  }
}
