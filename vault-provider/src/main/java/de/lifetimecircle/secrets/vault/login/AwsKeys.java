package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.AwsSignature.Keys;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.transport.Client;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the keys that an AWS login is signed with, where AWS's own clients find them: the variables
 * of the environment, the web identity of a pod (IRSA), the role of a container (ECS, EKS Pod
 * Identity), the role of an instance. The first one that is configured is the only one that is
 * asked (sdkref, "standardized credential providers", read 2026-11-26). Profiles of the AWS files
 * are not read.
 *
 * <p>Each question is a request of its own, because a login is rare and its keys end. No text of an
 * answer reaches a message. Immutable; blocks until there is an answer or the thread is
 * interrupted.
 */
public final class AwsKeys {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Duration METADATA = Duration.ofSeconds(2);
  private static final Set<String> CONTAINER_HOSTS =
      Set.of(
          "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "127.0.0.1", "[::1]");
  private static final String CHECK_MACHINE =
      "Check that the container or the instance has a role, and its metadata service";

  private final Function<String, Optional<String>> environment;
  private final ProxySettings proxy;
  private final Duration timeout;

  /** Makes a source that looks into these variables. Reads nothing yet. */
  public AwsKeys(
      Function<String, Optional<String>> environment, ProxySettings proxy, Duration timeout) {
    this.environment = name -> environment.apply(name).filter(text -> !text.isBlank());
    this.proxy = proxy;
    this.timeout = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
  }

  /**
   * Asks for the keys.
   *
   * @throws StoreFailure why there are none, with the name of the source
   */
  public Keys find() {
    if (isSet("AWS_ACCESS_KEY_ID") || isSet("AWS_SECRET_ACCESS_KEY")) {
      return new Keys(
          required("AWS_ACCESS_KEY_ID"),
          required("AWS_SECRET_ACCESS_KEY"),
          environment.apply("AWS_SESSION_TOKEN"));
    }
    if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) {
      return webIdentity();
    }
    if (isSet("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
      String variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
      return container(uri(variable, "http://169.254.170.2" + required(variable)));
    }
    if (isSet("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      String variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
      return container(uri(variable, required(variable)));
    }
    if (environment
        .apply("AWS_EC2_METADATA_DISABLED")
        .filter("true"::equalsIgnoreCase)
        .isPresent()) {
      throw nothing("the metadata service is disabled");
    }
    return instance();
  }

  private boolean isSet(String variable) {
    return environment.apply(variable).isPresent();
  }

  private String required(String variable) {
    return environment
        .apply(variable)
        .orElseThrow(
            () ->
                StoreFailure.of(
                    Kind.UNAUTHENTICATED,
                    "the environment has no " + variable,
                    "Set " + variable + " as well"));
  }

  /** An address that the JDK's client can ask. */
  private static URI uri(String variable, String text) {
    try {
      return HttpRequest.newBuilder(URI.create(text)).build().uri();
    } catch (IllegalArgumentException e) {
      throw StoreFailure.of(
          Kind.UNAUTHENTICATED, variable + " is no address", "Correct it, or unset it");
    }
  }

  private static StoreFailure nothing(String more) {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "no AWS keys were found: not set are AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE and"
            + " AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, and "
            + more,
        "Set the keys, or give this machine, container or pod a role");
  }

  /** The role of a pod, which STS gives for the pod's token. */
  private Keys webIdentity() {
    String session = environment.apply("AWS_ROLE_SESSION_NAME").orElse("lifetimecircle-secrets");
    String body =
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn="
            + encoded(required("AWS_ROLE_ARN"))
            + "&RoleSessionName="
            + encoded(session)
            + "&WebIdentityToken="
            + encoded(Credential.file(Path.of(required("AWS_WEB_IDENTITY_TOKEN_FILE"))).read());
    String source = "STS, for the web identity of AWS_WEB_IDENTITY_TOKEN_FILE,";
    String answer =
        ask(
            source,
            "Check AWS_ROLE_ARN, the trust policy of that role and the token's audience",
            HttpRequest.newBuilder(sts())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)),
            timeout);
    return new Keys(
        element(source, answer, "AccessKeyId"),
        element(source, answer, "SecretAccessKey"),
        Optional.of(element(source, answer, "SessionToken")));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private URI sts() {
    String variable = "AWS_ENDPOINT_URL_STS";
    if (isSet(variable)) {
      URI named = uri(variable, required(variable));
      if (!"https".equals(named.getScheme()) && !isLoopback(named)) {
        throw StoreFailure.of(
            Kind.UNAUTHENTICATED, variable + " is not https", "Set it to https://HOST");
      }
      return named;
    }
    Optional<String> region =
        environment
            .apply("AWS_REGION")
            .or(() -> environment.apply("AWS_DEFAULT_REGION"))
            .filter(text -> text.matches("[a-z0-9-]{1,40}"));
    return URI.create("https://" + AwsIdentity.stsHost(region) + "/");
  }

  private static boolean isLoopback(URI uri) {
    return Set.of("localhost", "127.0.0.1", "[::1]").contains(String.valueOf(uri.getHost()));
  }

  private static String element(String source, String xml, String name) {
    Matcher found = Pattern.compile("<" + name + ">([!-~]{1,8192})</" + name + ">").matcher(xml);
    if (!found.find()) {
      throw foreign(source);
    }
    return found.group(1);
  }

  private Keys container(URI uri) {
    String source = "the container's role";
    if (!"https".equals(uri.getScheme())
        && !CONTAINER_HOSTS.contains(String.valueOf(uri.getHost()))) {
      throw StoreFailure.of(
          Kind.UNAUTHENTICATED,
          "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine",
          "Check who set it");
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
    Optional<String> token =
        environment
            .apply("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
            .map(file -> Credential.file(Path.of(file)).read())
            .or(() -> environment.apply("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    token.ifPresent(text -> request.header("Authorization", text));
    return document(source, ask(source, CHECK_MACHINE, request, METADATA));
  }

  /** Asks with a token, as IMDSv2 wants it: a forwarded request of another program has none. */
  private Keys instance() {
    String source = "the instance's role";
    String variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    String service = environment.apply(variable).orElse("http://169.254.169.254");
    String base = uri(variable, service.replaceAll("/+$", "") + "/latest/").toString();
    String token;
    try {
      token =
          ask(
              source,
              CHECK_MACHINE,
              HttpRequest.newBuilder(URI.create(base + "api/token"))
                  .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                  .PUT(BodyPublishers.noBody()),
              METADATA);
    } catch (StoreFailure e) {
      throw e.kind() == Kind.UNAVAILABLE ? nothing("no metadata service answers") : e;
    }
    String roles = base + "meta-data/iam/security-credentials/";
    String role = ask(source, CHECK_MACHINE, metadata(roles, token), METADATA).strip();
    if (!role.matches("[\\w+=,.@-]{1,128}")) {
      throw foreign(source);
    }
    return document(source, ask(source, CHECK_MACHINE, metadata(roles + role, token), METADATA));
  }

  private static HttpRequest.Builder metadata(String uri, String token) {
    return HttpRequest.newBuilder(URI.create(uri))
        .header("X-aws-ec2-metadata-token", token.strip())
        .GET();
  }

  private static Keys document(String source, String text) {
    Map<?, ?> document =
        Json.object(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> foreign(source));
    String id = Json.text(document, "AccessKeyId");
    String secret = Json.text(document, "SecretAccessKey");
    if (id.isEmpty() || secret.isEmpty()) {
      throw foreign(source);
    }
    return new Keys(
        id, secret, Optional.of(Json.text(document, "Token")).filter(token -> !token.isEmpty()));
  }

  private static StoreFailure foreign(String source) {
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        source + " gives an answer without keys",
        "Check what stands between it and this machine");
  }

  /** Sends a request and returns the body of its answer. */
  private String ask(String source, String advice, HttpRequest.Builder request, Duration time) {
    HttpTransport.Settings settings =
        new HttpTransport.Settings(
            "secrets-vault-aws", 1, METADATA, Client.MAX_BODY, Redirect.NEVER, proxy);
    HttpTransport.Answer answer;
    try (HttpTransport http = new HttpTransport(settings, Optional::empty)) {
      answer = http.send(request, time);
    } catch (TimeoutException | ExecutionException e) {
      throw StoreFailure.of(Kind.UNAVAILABLE, source + " gives no answer", advice);
    }
    int status = answer.status();
    if (status == 200) {
      return new String(answer.body(), StandardCharsets.UTF_8);
    }
    Kind kind =
        status == 429 ? Kind.THROTTLED : status >= 500 ? Kind.UNAVAILABLE : Kind.UNAUTHENTICATED;
    throw StoreFailure.of(kind, source + " answers with status " + status, advice);
  }

  @Override
  public String toString() {
    return "AwsKeys[redacted]";
  }
}
