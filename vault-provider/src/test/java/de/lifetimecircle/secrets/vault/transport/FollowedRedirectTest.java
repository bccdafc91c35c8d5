package de.lifetimecircle.secrets.vault.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the token may follow a standby's redirect. */
class FollowedRedirectTest {
  @ParameterizedTest
  @CsvSource({
    "https://a:8200/v1/x, https://b:8200/v1/x, https://b:8200/v1/x",
    "https://a:8200/v1/x, /v1/y, https://a:8200/v1/y",
    "http://a:8200/v1/x, http://b:8200/v1/x, http://b:8200/v1/x",
    "http://a:8200/v1/x, https://b:8200/v1/x, https://b:8200/v1/x",
    "https://a:8200/v1/x, http://b:8200/v1/x, ",
    "https://a:8200/v1/x, ftp://b/x, ",
    "https://a:8200/v1/x, mailto:b, ",
    "https://a:8200/v1/x, 'https://b b', ",
  })
  void onlyToAnAddressThatIsAsSafe(URI asked, String location, URI expected) {
    assertThat(Client.followed(asked, location).orElse(null)).isEqualTo(expected);
  }
}
