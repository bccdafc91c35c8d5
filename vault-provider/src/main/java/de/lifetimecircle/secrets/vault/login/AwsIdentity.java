package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.remote.AwsSignature;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The body of the AWS login: a request for {@code GetCallerIdentity} that this process signs. Vault
 * sends it to STS, which names the signer. The key never leaves the process.
 *
 * <p>Signed without an SDK, which every user would inherit. Immutable.
 *
 * @param keys finds the keys, at each login
 * @param clock the time of day, which is signed
 * @param region the region of the STS; the global one where there is none
 * @param serverId what binds the request to one Vault
 * @param role the role to log in as; Vault's choice where there is none
 */
public record AwsIdentity(
    Supplier<AwsSignature.Keys> keys,
    InstantSource clock,
    Optional<String> region,
    Optional<String> serverId,
    Optional<String> role)
    implements Supplier<Map<String, String>> {
  private static final String REQUEST = "Action=GetCallerIdentity&Version=2011-06-15";

  @Override
  public Map<String, String> get() {
    Map<String, String> body = new LinkedHashMap<>();
    role.ifPresent(name -> body.put("role", name));
    body.put("iam_http_request_method", "POST");
    body.put("iam_request_url", base64("https://" + stsHost(region) + "/"));
    body.put("iam_request_body", base64(REQUEST));
    body.put("iam_request_headers", base64(Json.write(headers())));
    return body;
  }

  /** The host of the STS of a region; the global one if there is none. */
  static String stsHost(Optional<String> region) {
    String name = region.orElse("");
    String domain =
        name.startsWith("cn-")
            ? ".amazonaws.com.cn"
            : name.startsWith("eusc-") ? ".amazonaws.eu" : ".amazonaws.com";
    return name.isEmpty() ? "sts.amazonaws.com" : "sts." + name + domain;
  }

  /** The headers of the request, signed; names in lower case, as the signature has them. */
  private Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    headers.put("host", stsHost(region));
    serverId.ifPresent(id -> headers.put("x-vault-aws-iam-server-id", id));
    byte[] body = REQUEST.getBytes(StandardCharsets.UTF_8);
    headers.putAll(
        new AwsSignature(keys.get(), region.orElse("us-east-1"), "sts", clock)
            .sign("POST", "/", headers, body));
    return headers;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "AwsIdentity[redacted]";
  }
}
