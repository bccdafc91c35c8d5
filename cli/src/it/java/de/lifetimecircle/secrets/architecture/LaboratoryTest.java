package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;

/** The rules of {@link ArchitectureTest} hold for the servers of tests as well, where these are. */
class LaboratoryTest {
  @Test
  void theServersOfTestsAreLookedAt() {
    assertThat(ArchitectureTest.SHIPPED.stream().map(JavaClass::getPackageName).distinct())
        .contains("de.lifetimecircle.secrets.testservers");
  }
}
