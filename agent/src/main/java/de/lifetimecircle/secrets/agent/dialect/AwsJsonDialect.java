package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.spi.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON 1.1 protocol of AWS Secrets Manager, for reading: every AWS SDK, the AWS command line,
 * the caching clients and the JDBC drivers. A signature is neither asked for nor checked: rights
 * follow the user or the token.
 */
public record AwsJsonDialect(AuthorizedReads reads) implements Dialect {
  private static final String TARGET = "secretsmanager.";
  private static final String TYPE = "application/x-amz-json-1.1";
  private static final int MOST_OF_BATCH = 20;
  private static final int MOST_RESULTS = 100;

  /** As many bytes as the values of a batch can have at AWS; each of them has 65,536 at most. */
  private static final int MOST_BYTES = MOST_OF_BATCH * 65_536;

  /** A request for one secret is shorter; the objects of a long one take many times its bytes. */
  private static final int LONG_BODY = 4096;

  private static final InstantSource CLOCK = InstantSource.system();

  @Override
  public boolean takes(HttpRequest request) {
    return request.header("x-amz-target").isPresent();
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (!request.method().equals("POST") || !request.path().equals("/")) {
      throw AgentFailure.badRequest("X-Amz-Target goes with POST /");
    }
    if (request.body().length > LONG_BODY) {
      reads.requireSome(caller);
    }
    String operation = request.header("x-amz-target").orElse("");
    Map<?, ?> asked = request.json();
    Map<String, Object> content;
    switch (operation.startsWith(TARGET) ? operation.substring(TARGET.length()) : "") {
      case "GetSecretValue" -> content = get(caller, asked);
      case "BatchGetSecretValue" -> content = batch(caller, asked);
      case "DescribeSecret" -> content = describe(caller, asked);
      case "ListSecrets" -> content = list(caller, asked);
      case "ListSecretVersionIds" -> content = versions(caller, asked);
      default -> { // what would write is refused as AWS refuses a missing right
        return new AwsReading.AwsError(
                400, "AccessDeniedException", "Cannot answer: the agent only reads secrets.")
            .answer();
      }
    }
    return AwsReading.identified(HttpAnswer.of(200, TYPE, JsonBody.of(caller.room(), content)));
  }

  private Map<String, Object> get(Caller caller, Map<?, ?> asked) {
    return new AwsReading(reads)
        .get(
            caller,
            name(asked),
            optional(asked, "VersionId"),
            optional(asked, "VersionStage"),
            AwsReading.Freshness.CACHED)
        .document();
  }

  private static String name(Map<?, ?> asked) {
    String id = Json.text(asked, "SecretId");
    if (id.isEmpty()) {
      throw AgentFailure.badRequest("SecretId is missing");
    }
    return AwsArns.name(id);
  }

  private static @Nullable String optional(Map<?, ?> asked, String member) {
    String text = Json.text(asked, member);
    return text.isEmpty() ? null : text;
  }

  private Map<String, Object> batch(Caller caller, Map<?, ?> asked) {
    List<String> ids = texts(asked.get("SecretIdList"));
    boolean isFiltered = asked.get("Filters") instanceof List<?> filters && !filters.isEmpty();
    if (ids.isEmpty() != isFiltered || ids.size() > MOST_OF_BATCH) {
      throw AgentFailure.badRequest(
          "it needs Filters or a SecretIdList of at most " + MOST_OF_BATCH + " names, not both");
    }
    Matches matches =
        isFiltered ? matching(caller, asked, MOST_OF_BATCH) : new Matches(ids, Optional.empty());
    Map<String, String> idsByName = new LinkedHashMap<>();
    matches.page().forEach(id -> idsByName.putIfAbsent(AwsArns.name(id), id));
    Optional<String> next = matches.next();
    Batch found = new Batch();
    String last = "";
    for (String id : idsByName.values()) {
      if (isFiltered && found.isFull()) {
        next = Optional.of(last);
        break;
      }
      found.add(caller, id);
      last = id;
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("SecretValues", found.values);
    document.put("Errors", found.errors);
    next.ifPresent(token -> document.put("NextToken", token));
    return document;
  }

  /** The values of a batch, and the errors of those that are not in it. */
  private final class Batch {
    private final List<Map<String, Object>> values = new ArrayList<>();
    private final List<Map<String, Object>> errors = new ArrayList<>();
    private long size;

    boolean isFull() {
      return size > MOST_BYTES;
    }

    /** Adds a value; an error if there is none, or no room for it. */
    void add(Caller caller, String id) {
      try {
        if (isFull()) {
          throw AgentFailure.badRequest("the answer has no room for this value; ask for it alone");
        }
        Map<String, Object> found =
            new AwsReading(reads)
                .get(caller, AwsArns.name(id), null, null, AwsReading.Freshness.CACHED)
                .document();
        size += JsonBody.size(found);
        values.add(found);
      } catch (AgentFailure e) {
        errors.add(error(id, e));
      } catch (SecretException e) {
        errors.add(error(id, AgentFailure.of(e)));
      }
    }
  }

  private static Map<String, Object> error(String id, AgentFailure failure) {
    AwsReading.AwsError error = AwsReading.AwsError.of(failure);
    return Map.of("SecretId", id, "ErrorCode", error.code(), "Message", error.message());
  }

  private static List<String> texts(@Nullable Object list) {
    List<String> texts = new ArrayList<>();
    if (list instanceof List<?> many) {
      many.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  private Map<String, Object> describe(Caller caller, Map<?, ?> asked) {
    String name = name(asked);
    Map<String, Object> document = AwsReading.identity(name);
    try {
      List<SecretVersion> versions = reads.versionsOrCurrent(caller, name, Secret::fetchedAt);
      if (!versions.isEmpty()) {
        SecretVersion oldest = versions.get(versions.size() - 1);
        document.put("CreatedDate", AwsReading.seconds(oldest.created()));
        document.put("LastChangedDate", AwsReading.seconds(versions.get(0).created()));
      }
      document.put("VersionIdsToStages", AwsReading.stages(versions));
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.PENDING_DELETION) {
        throw e;
      }
      // AWS describes a deleted secret. The backend does not say since when it is one.
      document.put("DeletedDate", AwsReading.seconds(CLOCK.instant()));
    }
    return document;
  }

  private Map<String, Object> versions(Caller caller, Map<?, ?> asked) {
    String name = name(asked);
    boolean withDeprecated = Boolean.TRUE.equals(asked.get("IncludeDeprecated"));
    List<Map<String, Object>> versions = new ArrayList<>();
    for (SecretVersion version : reads.versionsOrCurrent(caller, name, Secret::fetchedAt)) {
      if (withDeprecated || !version.stages().isEmpty()) {
        Map<String, Object> each = new LinkedHashMap<>();
        each.put("VersionId", AwsVersionIds.toAws(version.id()));
        each.put("VersionStages", AwsReading.labels(version));
        each.put("CreatedDate", AwsReading.seconds(version.created()));
        versions.add(each);
      }
    }
    Map<String, Object> document = AwsReading.identity(name);
    document.put("Versions", versions);
    return document;
  }

  private Map<String, Object> list(Caller caller, Map<?, ?> asked) {
    Matches found = matching(caller, asked, MOST_RESULTS);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("SecretList", found.page().stream().map(AwsReading::identity).toList());
    found.next().ifPresent(token -> document.put("NextToken", token));
    return document;
  }

  /** A page of names, and the token of the next one. */
  private record Matches(List<String> page, Optional<String> next) {}

  /**
   * A filter by name, as AWS documents it: one of its prefixes suffices, and {@code !} negates one.
   * AWS does not say what a negated one beside others means, so that is refused.
   */
  private record NameFilter(List<String> prefixes) {
    static NameFilter of(Object filter) {
      if (!(filter instanceof Map<?, ?> members) || !Json.text(members, "Key").equals("name")) {
        throw AgentFailure.badRequest("the agent filters by name only");
      }
      List<String> prefixes = texts(members.get("Values"));
      if (prefixes.isEmpty()) {
        throw AgentFailure.badRequest("the filter by name has no Values");
      }
      if (prefixes.size() > 1 && prefixes.stream().anyMatch(NameFilter::isNegated)) {
        throw AgentFailure.badRequest("a value with '!' needs a filter of its own");
      }
      return new NameFilter(prefixes);
    }

    private static boolean isNegated(String prefix) {
      return prefix.startsWith("!");
    }

    /** Returns a prefix of all names that pass. */
    String common() {
      return prefixes.size() == 1 && !isNegated(prefixes.get(0)) ? prefixes.get(0) : "";
    }

    boolean accepts(String name) {
      String first = prefixes.get(0);
      return isNegated(first)
          ? !name.startsWith(first.substring(1))
          : prefixes.stream().anyMatch(name::startsWith);
    }
  }

  /**
   * The names that pass the filters, of which the agent knows those by name.
   *
   * @param largest how many names a page has at most
   */
  private Matches matching(Caller caller, Map<?, ?> asked, int largest) {
    List<NameFilter> filters = new ArrayList<>();
    if (asked.get("Filters") instanceof List<?> given) {
      given.forEach(each -> filters.add(NameFilter.of(each)));
    }
    String common = filters.size() == 1 ? filters.get(0).common() : "";
    String after = Json.text(asked, "NextToken");
    List<String> names =
        reads.names(caller, common).stream()
            .filter(name -> filters.stream().allMatch(filter -> filter.accepts(name)))
            .filter(name -> name.compareTo(after) > 0)
            .sorted()
            .toList();
    int most = (int) Math.min(Math.max(Json.number(asked, "MaxResults"), 0), largest);
    List<String> page = names.subList(0, Math.min(most == 0 ? largest : most, names.size()));
    // The last name of a page is the token of the next: so a page needs no memory of the agent.
    return new Matches(
        page,
        page.size() < names.size() ? Optional.of(page.get(page.size() - 1)) : Optional.empty());
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    return AwsReading.AwsError.of(failure).answer();
  }
}
