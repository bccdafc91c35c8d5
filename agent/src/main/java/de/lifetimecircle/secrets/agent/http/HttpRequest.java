package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.spi.Json;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request, read whole and checked for its form. {@code toString} shows neither headers nor
 * body, because tokens are in them.
 *
 * @param method in upper case
 * @param path decoded; begins with {@code /}, has no empty segment and none of dots
 * @param query decoded, each name once
 * @param headers by name in lower case
 * @param body empty if there is none
 */
public record HttpRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  public HttpRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** Returns a header by its name in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns a parameter of the query. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  public boolean isGet() {
    return method.equals("GET");
  }

  /** Whether the answer has the head of a GET's and no body. */
  public boolean isHead() {
    return method.equals("HEAD");
  }

  /** Whether the client ends the connection after the answer: one of its options says so. */
  boolean endsConnection() {
    return header("connection").stream()
        .flatMap(options -> Stream.of(options.split(",", -1)))
        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
  }

  /** Returns the same request below another path, after a token was taken out of it. */
  public HttpRequest at(String otherPath) {
    return new HttpRequest(method, otherPath, query, headers, body);
  }

  /**
   * Returns the body as a JSON object.
   *
   * @throws AgentFailure {@code BAD_REQUEST} if it is not one
   */
  public Map<?, ?> json() {
    return Json.object(body)
        .orElseThrow(() -> AgentFailure.badRequest("the body is not a JSON object in UTF-8"));
  }

  @Override
  public String toString() {
    return "HttpRequest[" + method + "]";
  }
}
