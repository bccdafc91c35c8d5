package de.lifetimecircle.secrets.testservers.keyvault;

import com.sun.net.httpserver.HttpExchange;
import de.lifetimecircle.secrets.testservers.OutsideTheRules;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, completely read. Immutable.
 *
 * @param base the server's address as the client wrote it, so that addresses in answers lead back
 *     through any proxy between them
 */
@OutsideTheRules
record KeyVaultCall(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    String base) {

  /** No body that the service takes is longer. */
  private static final int MAX_BODY = 1024 * 1024;

  static KeyVaultCall read(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    URI uri = exchange.getRequestURI();
    String host = headers.getOrDefault("host", "localhost:" + exchange.getLocalAddress().getPort());
    return new KeyVaultCall(
        exchange.getRequestMethod(),
        segments(path(uri)),
        form(uri.getRawQuery()),
        headers,
        body,
        "https://" + host);
  }

  /** MSAL writes two slashes before a path of its own, which reads as a host. */
  private static String path(URI uri) {
    boolean doubled = uri.getScheme() == null && uri.getRawAuthority() != null;
    return doubled ? "/" + uri.getRawAuthority() + uri.getRawPath() : uri.getRawPath();
  }

  /** The parts of a path; one that ends in a slash ends with an empty part. */
  private static List<String> segments(String path) {
    return Arrays.stream(path.substring(1).split("/", -1)).map(KeyVaultCall::decoded).toList();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> form(@Nullable String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : text == null ? new String[0] : text.split("&", -1)) {
      int equals = field.indexOf('=');
      String name = equals < 0 ? field : field.substring(0, equals);
      String value = equals < 0 ? "" : field.substring(equals + 1);
      fields.put(field(name), field(value));
    }
    return fields;
  }

  private static String field(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw KeyVaultRefusal.badParameter("A field is not percent-encoded as it should be.");
    }
  }

  /** The fields of a form in the body. */
  Map<String, String> form() {
    return form(new String(body, StandardCharsets.UTF_8));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** A part of the path, or an empty one. */
  String part(int index) {
    return index < path.size() ? path.get(index) : "";
  }

  /** Shows the method only: headers, query and body can hold a secret. */
  @Override
  public String toString() {
    return "KeyVaultCall[" + method + "]";
  }
}
