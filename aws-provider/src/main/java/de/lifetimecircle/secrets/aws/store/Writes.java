package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.store.RecentWrites.Known;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.PutRequest.Condition;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * Puts values. AWS uses the request's token as the id of the version, so a repeated request is done
 * once.
 */
record Writes(Reads reads, RecentWrites recent, Labels labels) {
  /** More than once, since a rotation that comes between settles it mostly. */
  private static final int TRIES = 3;

  PutResult put(Call call, PutRequest request) {
    Put put =
        new Put(
            call,
            request.id().toString(),
            Values.of(request.value()),
            Optional.ofNullable(request.description()));
    PutResult result =
        request.stage() == Stage.PENDING
            ? pending(put, request.condition())
            : switch (request.condition()) {
              case ALWAYS -> always(put);
              case CREATE_ONLY -> createOnly(put);
              case IF_VERSION -> ifVersion(put, String.valueOf(request.expectedVersion()));
            };
    if (request.stage() == Stage.CURRENT && request.condition() != Condition.IF_VERSION) {
      recent.remember(call.name(), Known.made(result.version(), null));
    }
    return result;
  }

  /** One write on its way; the description is that of a new secret. */
  private record Put(Call call, String id, Values value, Optional<String> description) {
    PutResult done(Outcome outcome) {
      return new PutResult(id, outcome);
    }
  }

  private PutResult always(Put put) {
    Optional<GetSecretValueResponse> current = readable(put);
    if (current.isPresent()) {
      return replace(put, current.get());
    }
    if (Names.isArn(put.call().name())) {
      return store(put, Stages.CURRENT); // whether it is there or may only not be read
    }
    try {
      return create(put);
    } catch (AwsServiceException e) {
      if (!ErrorCodes.is(e, ErrorCodes.EXISTS)) {
        throw e;
      }
      // Another writer was faster, it has no value yet, or it may not be read.
      return store(put, Stages.CURRENT);
    }
  }

  /**
   * Returns the current version; also empty for a writer that may not read, because it cannot see
   * whether the value changed.
   */
  private static Optional<GetSecretValueResponse> readable(Put put) {
    try {
      return put.call().found(() -> put.call().labelled(Stages.CURRENT));
    } catch (AwsServiceException e) {
      if (ErrorCodes.is(e, "AccessDeniedException")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private PutResult replace(Put put, GetSecretValueResponse current) {
    if (current.versionId().equals(put.id())) {
      return put.done(wasFirst(put) ? Outcome.CREATED : Outcome.UPDATED);
    }
    // A read may lag behind a put of our own; "unchanged" would then lose this one.
    if (put.value().isIn(current) && reads.isCurrent(put.call(), current.versionId())) {
      return new PutResult(current.versionId(), Outcome.UNCHANGED);
    }
    endCandidate(put, current);
    return store(put, Stages.CURRENT);
  }

  /** A writer may have the right to put and not the one to move labels. */
  private void endCandidate(Put put, GetSecretValueResponse current) {
    try {
      labels.endCandidate(put.call(), current);
    } catch (AwsServiceException e) {
      if (ErrorCodes.kind(e) != Kind.ACCESS_DENIED) {
        throw e;
      }
    }
  }

  /** A repetition answers as the first did. */
  private static boolean wasFirst(Put put) {
    return put.call().describe().versionIdsToStages().size() == 1;
  }

  private PutResult createOnly(Put put) {
    try {
      return create(put);
    } catch (AwsServiceException e) {
      if (!ErrorCodes.is(e, ErrorCodes.EXISTS)) {
        throw e;
      }
      return repeated(put)
          .orElseThrow(
              () ->
                  StoreFailure.of(
                      Kind.CONFLICT,
                      "a secret of that name exists already",
                      "Put it to write a new version"));
    }
  }

  /** The answer to a create that has been made before; empty if another writer made the secret. */
  private static Optional<PutResult> repeated(Put put) {
    Call call = put.call();
    var unused = call.describeLive();
    return call.found(() -> call.version(put.id()))
        .filter(put.value()::isIn)
        .map(made -> put.done(Outcome.CREATED));
  }

  private PutResult create(Put put) {
    Call call = put.call();
    Names.requireNew(call.name());
    Settings.Creation creation = call.config().creation();
    List<Tag> tags =
        creation.tags().entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    CreateSecretResponse made =
        call.ask(
            sdk ->
                sdk.createSecret(
                    r -> {
                      r.name(call.name())
                          .clientRequestToken(put.id())
                          .secretString(put.value().text())
                          .secretBinary(put.value().binary())
                          .overrideConfiguration(call.inTime());
                      creation.description(put.description()).ifPresent(r::description);
                      creation.kmsKey().ifPresent(r::kmsKeyId);
                      if (!tags.isEmpty()) {
                        r.tags(tags);
                      }
                    }));
    return new PutResult(made.versionId(), Outcome.CREATED);
  }

  private PutResult store(Put put, String label) {
    Call call = put.call();
    PutSecretValueResponse made =
        call.ask(
            sdk ->
                sdk.putSecretValue(
                    r ->
                        r.secretId(call.name())
                            .clientRequestToken(put.id())
                            .secretString(put.value().text())
                            .secretBinary(put.value().binary())
                            .versionStages(label)
                            .overrideConfiguration(call.inTime())));
    return new PutResult(made.versionId(), Outcome.UPDATED);
  }

  private PutResult pending(Put put, Condition condition) {
    Call call = put.call();
    if (condition != Condition.ALWAYS) {
      throw StoreFailure.of(Kind.UNSUPPORTED, "a pending version is put without a condition", null);
    }
    Optional<GetSecretValueResponse> held = call.found(() -> call.labelled(Stages.PENDING));
    if (held.isPresent() && put.value().isIn(held.get())) {
      String version = held.get().versionId();
      return new PutResult(version, version.equals(put.id()) ? Outcome.UPDATED : Outcome.UNCHANGED);
    }
    return store(put, Stages.PENDING);
  }

  /**
   * AWS puts without a condition, but moves a label only from the version that is named. So the
   * value is put under a label that no reader asks for, and the label of the current version is
   * moved to it from the expected one: of many writers one succeeds.
   */
  private PutResult ifVersion(Put put, String expected) {
    Call call = put.call();
    GetSecretValueResponse current =
        call.found(() -> call.labelled(Stages.CURRENT)).orElseThrow(Writes::conflict);
    if (current.versionId().equals(put.id())) {
      recent.remember(call.name(), Known.made(put.id(), expected));
      labels.endCandidate(call, current); // the first attempt may have died before
      return put.done(Outcome.UPDATED);
    }
    if (!current.versionId().equals(expected)) {
      throw conflict();
    }
    if (put.value().isIn(current)) {
      return new PutResult(expected, Outcome.UNCHANGED);
    }
    PutResult made = store(put, Stages.CANDIDATE);
    if (!isMoved(call, made.version(), expected)) {
      throw conflict();
    }
    return made;
  }

  /**
   * Makes a copy of the current version current, because AWS keeps the label of the previous
   * version on the one that was current before. The label of the current version is moved as in
   * {@link #ifVersion}, so a version that another writer makes current meanwhile stays current.
   */
  void retire(Call call, String version) {
    for (int i = 0; i < TRIES; i++) {
      DescribeSecretResponse known = call.describeLive();
      String current = Stages.holder(known, Stages.CURRENT).orElseThrow(Writes::conflict);
      labels.endCandidate(call, known.versionIdsToStages());
      if (version.equals(current)) {
        throw StoreFailure.of(Kind.CONFLICT, "it is the current version", "Put a new value first");
      }
      boolean isPrevious =
          Stages.holder(known, Stages.PREVIOUS).filter(version::equals).isPresent();
      if (!isPrevious || isCopied(call, current)) {
        return;
      }
    }
    throw StoreFailure.of(
        Kind.CONFLICT, "others kept writing it at the same time", "Stop them and try again");
  }

  /** Puts a copy of the current version in its place; returns whether it still was current. */
  private boolean isCopied(Call call, String current) {
    GetSecretValueResponse read = call.version(current);
    Values value = new Values(read.secretString(), read.secretBinary());
    Put copy = new Put(call, UUID.randomUUID().toString(), value, Optional.empty());
    PutResult made = store(copy, Stages.CANDIDATE);
    return isMoved(call, made.version(), current);
  }

  /**
   * Makes a candidate current; returns whether the expected version still was. If the label of the
   * candidate cannot be removed, the candidate is current nevertheless, and a repeated call removes
   * it.
   */
  private boolean isMoved(Call call, String candidate, String expected) {
    boolean moved = labels.makeCurrent(call, candidate, expected);
    if (moved) {
      recent.remember(call.name(), Known.made(candidate, expected));
    }
    labels.drop(call, candidate, Stages.CANDIDATE);
    return moved;
  }

  private static StoreFailure conflict() {
    return StoreFailure.of(
        Kind.CONFLICT, "another version is current", "Read it again, then decide");
  }
}
