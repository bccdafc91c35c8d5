package de.lifetimecircle.secrets.remote;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to a service of AWS with Signature Version 4 (reference_sigv-create-signed-request
 * in the IAM User Guide): the whole body, no query. Writes nothing to a log, where the SDK's own
 * signer shows the session token at DEBUG. Immutable; does not block.
 *
 * <pre>{@code
 * byte[] body = "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.UTF_8);
 * Map<String, String> headers = new TreeMap<>();
 * headers.put("host", "sts.amazonaws.com");
 * headers.put("content-type", "application/x-www-form-urlencoded");
 * AwsSignature signature =
 *     new AwsSignature(
 *         new AwsSignature.Keys("AKIDEXAMPLE", "…", Optional.empty()),
 *         "us-east-1",
 *         "sts",
 *         InstantSource.system());
 * headers.putAll(signature.sign("POST", "/", headers, body));
 * }</pre>
 *
 * @param keys the keys of the identity that makes the request
 * @param region the region of the endpoint
 * @param service the name by which the service's signatures go, such as {@code secretsmanager}
 * @param clock the time of day; AWS rejects a request whose time differs from its own by more than
 *     five minutes
 */
public record AwsSignature(Keys keys, String region, String service, InstantSource clock) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY = 8;

  /**
   * Keys of AWS; {@code toString} does not show them. Immutable.
   *
   * @param id the access key id
   * @param secret the secret access key
   * @param token the session token; empty for keys without an end
   */
  public record Keys(String id, String secret, Optional<String> token) {
    @Override
    public String toString() {
      return "Keys[redacted]";
    }
  }

  /**
   * Signs a request.
   *
   * @param method the method in upper case
   * @param path the path as it is sent, without a query; an empty one is that of {@code /}. It must
   *     need no percent-encoding, which services other than S3 expect twice
   * @param headers the headers to sign with their values: {@code host}, and all that a gateway on
   *     the way must not change. Others may be sent without being signed
   * @param body the whole body; empty if there is none
   * @return the headers to send beside those, with names in lower case: {@code x-amz-date}, {@code
   *     x-amz-security-token} for keys with a token, and {@code authorization}
   * @throws IllegalArgumentException if the host is not among the headers
   */
  public Map<String, String> sign(
      String method, String path, Map<String, String> headers, byte[] body) {
    String time = TIME.format(clock.instant());
    Map<String, String> added = new TreeMap<>();
    added.put("x-amz-date", time);
    keys.token().ifPresent(token -> added.put("x-amz-security-token", token));
    Map<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), trimmed(value)));
    signed.putAll(added);
    if (!signed.containsKey("host")) {
      throw new IllegalArgumentException("headers: " + signed.keySet() + " (expected: with host)");
    }
    String scope = String.join("/", time.substring(0, DAY), region, service, "aws4_request");
    String names = String.join(";", signed.keySet());
    StringBuilder request = new StringBuilder(method).append('\n');
    request.append(path.isEmpty() ? "/" : path).append("\n\n");
    signed.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
    request.append('\n').append(names).append('\n').append(digest(body));
    String text = String.join("\n", ALGORITHM, time, scope, digest(bytes(request.toString())));
    added.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + keys.id()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + HexFormat.of().formatHex(hmac(key(scope), text)));
    return added;
  }

  private byte[] key(String scope) {
    byte[] key = bytes("AWS4" + keys.secret());
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return key;
  }

  private static String trimmed(String value) {
    return value.strip().replaceAll(" +", " ");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
