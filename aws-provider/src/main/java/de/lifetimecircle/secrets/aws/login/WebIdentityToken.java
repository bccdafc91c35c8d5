package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The token by which a workload proves to STS which one it is. Read at each login, because
 * Kubernetes replaces the file long before the token ends. Immutable; {@code toString} shows
 * nothing.
 *
 * @param text the token itself
 */
record WebIdentityToken(String text) {
  /** The longest token that STS takes (API_AssumeRoleWithWebIdentity, read 2026-11-25). */
  private static final int LONGEST = 20_000;

  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e&&[^'\"]]{1,250}");

  /**
   * Reads the file; blocks for the file system.
   *
   * @throws LoginFailure if there is no token in it
   */
  static WebIdentityToken read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw failure(file, "is empty");
      }
      if (bytes.length > LONGEST) {
        throw failure(file, "is longer than a token can be");
      }
      return new WebIdentityToken(text);
    } catch (NoSuchFileException e) {
      throw failure(file, "is not there");
    } catch (IOException e) {
      throw failure(file, "cannot be read");
    }
  }

  private static LoginFailure failure(Path file, String why) {
    return LoginFailure.unauthenticated(
        "the token file " + file + " " + why,
        "Check the file, who may read it, and what mounts it: on EKS the annotation"
            + " eks.amazonaws.com/role-arn of the service account");
  }

  /**
   * Returns the claims that a trust policy checks: issuer, subject and audience, which are not
   * secret; empty if the token has another form.
   */
  String claims() {
    List<String> shown = new ArrayList<>();
    Map<?, ?> claims = payload();
    for (String claim : List.of("iss", "sub", "aud")) {
      Object value = claims.get(claim);
      List<?> all = value instanceof List<?> many ? many : Collections.singletonList(value);
      String words = String.join(" ", all.stream().map(String::valueOf).toList());
      if (value != null && PRINTABLE.matcher(words).matches()) {
        shown.add(claim + " '" + words + "'");
      }
    }
    return String.join(", ", shown);
  }

  private Map<?, ?> payload() {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Map.of();
    }
    try {
      return Json.object(Base64.getUrlDecoder().decode(parts[1])).orElse(Map.of());
    } catch (IllegalArgumentException e) {
      return Map.of(); // a token of some other form, which only STS has to understand
    }
  }

  /** A text of another origin without this token or any part of it. */
  String removedFrom(String words) {
    String clean = words.replace(text, "…");
    for (String part : text.split("\\.", -1)) {
      clean = part.length() < 8 ? clean : clean.replace(part, "…");
    }
    return clean;
  }

  @Override
  public String toString() {
    return "WebIdentityToken[redacted]";
  }
}
