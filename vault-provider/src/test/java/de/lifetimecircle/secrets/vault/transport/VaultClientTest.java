package de.lifetimecircle.secrets.vault.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guards round the driver that need no server: paths and charsets. */
final class VaultClientTest {
  @ParameterizedTest
  @CsvSource({
    "a b,a%20b",
    "x%20y,x%2520y",
    "a?b=1,a%3Fb%3D1",
    "a#1,a%231",
    "schlüssel,schl%C3%BCssel",
    "a+b&c;d=e,a%2Bb%26c%3Bd%3De",
    "a/b,a/b"
  })
  void pathComesThroughTheDriverByteForByte(String name, String encoded) throws Exception {
    String path = "/v1/secret/data/" + Names.encoded(name);
    assertThat(path).endsWith("/" + encoded);
    // As Rest.buildRequest does it: decoded, then quoted by the constructor.
    URI given = new URI("https://host:1" + path + "?version=2");
    URI rebuilt =
        new URI("https", null, "host", 1, given.getPath(), given.getQuery(), given.getFragment());
    assertThat(Client.exact(rebuilt))
        .hasToString("https://host:1/v1/secret/data/" + encoded + "?version=2");
  }

  @Test
  void decomposedLettersStayDecomposed() {
    assertThat(Names.encoded("u\u0308")).isEqualTo("u%CC%88");
  }

  @Test
  void theDriverIsGivenAClientThatSendsNothing() {
    RequestCapture capture = new RequestCapture();
    HttpRequest request = HttpRequest.newBuilder(URI.create("https://host.invalid/v1/x")).build();
    assertThat(capture.request()).isNull();
    assertThatThrownBy(() -> capture.send(request, HttpResponse.BodyHandlers.discarding()))
        .isInstanceOf(IOException.class);
    assertThat(capture.request()).isSameAs(request);
    assertThat(capture.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
        .isCompletedExceptionally();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a//b", "/a", "a/", ".", "a/..", "a..b", "a.", "a\u0000", " a", "a\u202eb"})
  void nameThatTheServerReadsOtherwiseIsRefused(String name) {
    StoreFailure problem =
        catchThrowableOfType(StoreFailure.class, () -> Names.place(name, Optional.empty()));
    assertThat(problem.kind()).isEqualTo(Kind.BAD_NAME);
  }

  @Test
  void separatorSelectsAField() {
    assertThat(Names.place("db#user", Optional.of("#")))
        .isEqualTo(new Names.Place("db", Optional.of("user")));
    assertThat(Names.place("db#user", Optional.empty()))
        .isEqualTo(new Names.Place("db#user", Optional.empty()));
    assertThat(
            catchThrowableOfType(StoreFailure.class, () -> Names.place("db#", Optional.of("#")))
                .kind())
        .isEqualTo(Kind.BAD_NAME);
  }
}
