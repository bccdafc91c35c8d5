package de.lifetimecircle.secrets.aws.transport;

import de.lifetimecircle.secrets.remote.AwsSignature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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
 * Signs requests to Secrets Manager and STS with Signature Version 4: no query, the whole body.
 *
 * <p>The SDK's own signer logs the signed text at DEBUG, with the session token and a digest of the
 * body. {@link AwsSignature} writes nothing. Immutable.
 */
public record Signer(InstantSource clock)
    implements AuthScheme<AwsCredentialsIdentity>, HttpSigner<AwsCredentialsIdentity> {
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
    SdkHttpRequest plain = request.request();
    if (plain.numRawQueryParameters() > 0) {
      throw new IllegalArgumentException("query: present (expected: none)");
    }
    byte[] body = request.payload().map(Signer::read).orElse(new byte[0]);
    SdkHttpRequest.Builder builder = plain.toBuilder().putHeader("Host", host(plain));
    AwsSignature signature =
        new AwsSignature(
            keys(request.identity()),
            request.requireProperty(AwsV4HttpSigner.REGION_NAME),
            request.requireProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME),
            clock);
    signature
        .sign(plain.method().name(), plain.encodedPath(), signedHeaders(builder.build()), body)
        .forEach(builder::putHeader);
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

  private static AwsSignature.Keys keys(AwsCredentialsIdentity identity) {
    Optional<String> token =
        identity instanceof AwsSessionCredentialsIdentity session
            ? Optional.of(session.sessionToken())
            : Optional.empty();
    return new AwsSignature.Keys(identity.accessKeyId(), identity.secretAccessKey(), token);
  }

  static byte[] read(ContentStreamProvider content) {
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
  private static Map<String, String> signedHeaders(SdkHttpRequest request) {
    Map<String, String> signed = new TreeMap<>();
    request.forEachHeader(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.equals("host") || lower.equals("content-type") || lower.startsWith("x-amz-")) {
            signed.put(lower, String.join(",", values));
          }
        });
    return signed;
  }
}
