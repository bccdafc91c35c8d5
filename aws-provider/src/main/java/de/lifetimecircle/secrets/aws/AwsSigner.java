package de.lifetimecircle.secrets.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Signs requests with Signature Version 4 (reference_sigv-create-signed-request, read 2026-11-24),
 * for Secrets Manager and STS: no query, the whole body signed.
 *
 * <p>The SDK's own signer logs the signed text at DEBUG, with the session token and a digest of the
 * body. This one writes nothing. Stateless.
 */
final class AwsSigner
    implements AuthScheme<AwsCredentialsIdentity>, HttpSigner<AwsCredentialsIdentity> {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY = 8;

  private final InstantSource clock;

  AwsSigner(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String schemeId() {
    return AwsV4AuthScheme.SCHEME_ID;
  }

  @Override
  public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
    return providers.identityProvider(AwsCredentialsIdentity.class);
  }

  @Override
  public HttpSigner<AwsCredentialsIdentity> signer() {
    return this;
  }

  @Override
  public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
    byte[] body = request.payload().map(AwsSigner::read).orElse(new byte[0]);
    AwsCredentialsIdentity identity = request.identity();
    String time = TIME.format(clock.instant());
    String scope =
        String.join(
            "/",
            time.substring(0, DAY),
            request.requireProperty(AwsV4HttpSigner.REGION_NAME),
            request.requireProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME),
            "aws4_request");
    SdkHttpRequest.Builder builder =
        request.request().toBuilder()
            .putHeader("Host", host(request.request()))
            .putHeader("X-Amz-Date", time);
    if (identity instanceof AwsSessionCredentialsIdentity session) {
      builder.putHeader("X-Amz-Security-Token", session.sessionToken());
    }
    Map<String, String> signed = headers(builder.build());
    byte[] signature =
        hmac(
            key(identity.secretAccessKey(), scope),
            String.join(
                "\n", ALGORITHM, time, scope, digest(canonical(builder.build(), signed, body))));
    builder.putHeader(
        "Authorization",
        String.format(
            Locale.ROOT,
            "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s",
            ALGORITHM,
            identity.accessKeyId(),
            scope,
            String.join(";", signed.keySet()),
            HexFormat.of().formatHex(signature)));
    return SignedRequest.builder()
        .request(builder.build())
        .payload(
            ContentStreamProvider.fromInputStreamSupplier(() -> new ByteArrayInputStream(body)))
        .build();
  }

  /** No request of this store is made asynchronously. */
  @Override
  public CompletableFuture<AsyncSignedRequest> signAsync(
      AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
    throw new UnsupportedOperationException("signs what is sent synchronously");
  }

  private static byte[] read(ContentStreamProvider content) {
    try (InputStream in = content.newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a request of our own", e);
    }
  }

  private static String host(SdkHttpRequest request) {
    int usual = "https".equals(request.protocol()) ? 443 : 80;
    return request.port() == usual ? request.host() : request.host() + ":" + request.port();
  }

  /**
   * Returns the headers that a gateway on the way must not change: the host, and all that define
   * the request.
   */
  private static Map<String, String> headers(SdkHttpRequest request) {
    Map<String, String> signed = new TreeMap<>();
    request.forEachHeader(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.equals("host") || lower.equals("content-type") || lower.startsWith("x-amz-")) {
            signed.put(lower, joined(values));
          }
        });
    return signed;
  }

  private static String joined(List<String> values) {
    return String.join(",", values).strip().replaceAll(" +", " ");
  }

  private static String canonical(
      SdkHttpRequest request, Map<String, String> headers, byte[] body) {
    if (request.numRawQueryParameters() > 0) {
      throw new IllegalArgumentException("query: present (expected: none)");
    }
    StringBuilder text = new StringBuilder(request.method().name()).append('\n');
    text.append(request.encodedPath().isEmpty() ? "/" : request.encodedPath()).append("\n\n");
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append('\n')
        .append(String.join(";", headers.keySet()))
        .append('\n')
        .append(digest(body))
        .toString();
  }

  private static byte[] key(String secret, String scope) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return key;
  }

  private static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
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
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
