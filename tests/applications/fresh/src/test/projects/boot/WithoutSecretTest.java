import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** The last sentence of the page about tests. */
@SpringBootTest(properties = "shop.api-key=for tests")
class WithoutSecretTest {
  @Value("${shop.api-key}")
  String apiKey;

  @Test
  void thePropertyOfTheTestCounts() {
    assertThat(apiKey).isEqualTo("for tests");
  }
}
