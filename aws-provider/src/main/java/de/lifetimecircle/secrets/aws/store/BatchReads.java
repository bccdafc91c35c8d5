package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.Denial;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.ErrorText;
import de.lifetimecircle.secrets.spi.BatchStore.Answer;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;

/** Reads many names in groups; a name that a group does not answer is read singly. */
record BatchReads(Client client, Reads reads, RecentWrites recent) {
  /** How many names one call takes (API_BatchGetSecretValue, read 2026-11-24). */
  static final int GROUP = 20;

  private static final String ACTION = "fetch secret";

  Map<String, Answer> fetchAll(Collection<String> names) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    List<String> asked = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      refusal(name, client.config().region())
          .ifPresentOrElse(e -> answers.put(name, Answer.failed(e)), () -> asked.add(name));
    }
    for (int i = 0; i < asked.size(); i += GROUP) {
      group(asked.subList(i, Math.min(i + GROUP, asked.size())), answers);
    }
    return answers;
  }

  private static Optional<SecretException> refusal(String name, String region) {
    try {
      Names.require(name, region);
      return Optional.empty();
    } catch (StoreFailure e) {
      return Optional.of(e.toException(ErrorCodes.SCHEME, ACTION, name));
    }
  }

  private void group(List<String> names, Map<String, Answer> answers) {
    Map<String, Answer> found = new LinkedHashMap<>();
    Optional<SecretException> failure = ask(names, found);
    for (String name : names) {
      Answer answer = found.get(name);
      if (answer == null) {
        answer = failure.isPresent() ? Answer.failed(failure.get()) : single(name);
      }
      answers.put(name, answer);
    }
  }

  /** The group in one call; the failure of the call, if it must not be followed by single reads. */
  private Optional<SecretException> ask(List<String> names, Map<String, Answer> found) {
    try {
      var unused = client.call("fetch many secrets", null, call -> allowed(call, names, found));
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(e);
    }
  }

  /** The right to read many at once is one of its own; without it each may still be readable. */
  private Map<String, Answer> allowed(Call call, List<String> names, Map<String, Answer> found) {
    try {
      pages(call, names, found);
    } catch (AwsServiceException e) {
      Kind kind = ErrorCodes.kind(e);
      if (kind != Kind.ACCESS_DENIED && kind != Kind.UNSUPPORTED) {
        throw e;
      }
    }
    return found;
  }

  private void pages(Call call, List<String> names, Map<String, Answer> found) {
    String token = null;
    do {
      BatchGetSecretValueResponse page = page(call, names, token);
      for (SecretValueEntry entry : page.secretValues()) {
        // Asked for by its name, by its ARN, or by both.
        for (String asked : Arrays.asList(entry.name(), entry.arn())) {
          if (asked != null && names.contains(asked) && isCertain(asked, entry)) {
            found.put(asked, Answer.of(stored(entry)));
          }
        }
      }
      for (APIErrorType error : page.errors()) {
        denied(error).ifPresent(answer -> found.put(error.secretId(), answer));
      }
      token = page.nextToken() == null || page.nextToken().isEmpty() ? null : page.nextToken();
    } while (token != null && found.size() < names.size());
  }

  /**
   * Whether the entry is the current version for certain. One that does not say so, and one that
   * may lag behind a write of our own, is not; a single read by the label finds out.
   */
  private boolean isCertain(String name, SecretValueEntry entry) {
    String version = entry.versionId();
    return version != null
        && entry.versionStages().contains(Stages.CURRENT)
        && recent.agrees(name, version);
  }

  private static BatchGetSecretValueResponse page(
      Call call, List<String> names, @Nullable String token) {
    return call.ask(
        sdk ->
            sdk.batchGetSecretValue(
                r -> r.secretIdList(names).nextToken(token).overrideConfiguration(call.inTime())));
  }

  private static StoredSecret stored(SecretValueEntry entry) {
    // AWS documents the time in it as that of the secret, and not of the version.
    return Values.stored(entry.secretString(), entry.secretBinary(), entry.versionId(), null);
  }

  /** Answers for missing and forbidden secrets; the store reads every other name singly. */
  private static Optional<Answer> denied(APIErrorType error) {
    Kind kind = ErrorCodes.kindOf(String.valueOf(error.errorCode()));
    if (error.secretId() == null || (kind != Kind.NOT_FOUND && kind != Kind.ACCESS_DENIED)) {
      return Optional.empty();
    }
    Denial denial = Denial.of(kind, error.message());
    return Optional.of(
        Answer.failed(
            StoreFailure.of(
                    kind,
                    ErrorText.reason(kind, error.errorCode()) + denial.quoted(),
                    denial.advice().orElse(ErrorText.advice(kind, error.errorCode())))
                .toException(ErrorCodes.SCHEME, ACTION, error.secretId())));
  }

  private Answer single(String name) {
    try {
      return Answer.of(client.call(ACTION, name, reads::current));
    } catch (SecretException e) {
      return Answer.failed(e);
    }
  }
}
