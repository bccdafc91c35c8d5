package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The body of the AWS login: a request for {@code GetCallerIdentity} that this process signs. Vault
 * sends it to STS, which names the signer. The key never leaves the process.
 *
 * <p>Signed by hand (Signature Version 4) rather than with an SDK that every user would inherit.
 * Immutable.
 *
 * @param keys finds the keys, at each login
 * @param clock the time of day, which is signed
 * @param region the region of the STS; the global one where there is none
 * @param serverId what binds the request to one Vault
 * @param role the role to log in as; Vault's choice where there is none
 */
record VaultAwsIdentity(
    Supplier<VaultAwsKeys.Keys> keys,
    InstantSource clock,
    Optional<String> region,
    Optional<String> serverId,
    Optional<String> role)
    implements VaultLogin.Body {
  private static final String REQUEST = "Action=GetCallerIdentity&Version=2011-06-15";
  private static final String SERVICE = "sts";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Override
  public Map<String, String> read() {
    Map<String, String> body = new LinkedHashMap<>();
    role.ifPresent(name -> body.put("role", name));
    body.put("iam_http_request_method", "POST");
    body.put("iam_request_url", base64("https://" + host() + "/"));
    body.put("iam_request_body", base64(REQUEST));
    body.put("iam_request_headers", base64(Json.write(headers())));
    return body;
  }

  private String host() {
    return stsHost(region);
  }

  /** The host of the STS of a region; the global one if there is none. */
  static String stsHost(Optional<String> region) {
    String domain = region.orElse("").startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    return region.map(name -> "sts." + name + domain).orElse("sts.amazonaws.com");
  }

  /** The headers of the request, signed; names in lower case, as the signature has them. */
  private Map<String, String> headers() {
    VaultAwsKeys.Keys own = keys.get();
    String time = TIME.format(clock.instant());
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    headers.put("host", host());
    headers.put("x-amz-date", time);
    own.token().ifPresent(t -> headers.put("x-amz-security-token", t));
    serverId.ifPresent(id -> headers.put("x-vault-aws-iam-server-id", id));
    String scope =
        time.substring(0, 8) + "/" + region.orElse("us-east-1") + "/" + SERVICE + "/aws4_request";
    String signed = String.join(";", headers.keySet());
    String signature = signature(own.secret(), scope, time, canonical(headers, signed));
    headers.put(
        "authorization",
        "AWS4-HMAC-SHA256 Credential="
            + own.id()
            + "/"
            + scope
            + ", SignedHeaders="
            + signed
            + ", Signature="
            + signature);
    return headers;
  }

  private static String canonical(Map<String, String> headers, String signed) {
    String lines =
        headers.entrySet().stream()
            .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
            .collect(Collectors.joining());
    return String.join("\n", "POST", "/", "", lines, signed, sha256(REQUEST));
  }

  private static String signature(String secret, String scope, String time, String canonical) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    String text = String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(canonical));
    return HexFormat.of().formatHex(hmac(key, text));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "AwsIdentity[redacted]";
  }
}
