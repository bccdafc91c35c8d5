package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thing that a backend does wrong, and the tests of the contract that must notice. */
@SuppressWarnings("ImmutableEnumChecker") // A defect may well keep state.
enum Defect {
  REPEATS_A_PUT("repeatedPutIsDoneOnce") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("put") ? call.withNewId(store) : call.on(store);
    }
  },
  LOSES_VERSIONS("idStaysReadableAfterMorePuts", "everyListedVersionCanBeRead") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("fetchVersion") && !store.fetch(call.name()).version().equals(call.text(1))) {
        throw fail(Kind.VERSION_NOT_FOUND, call);
      }
      return call.on(store);
    }
  },
  ORDER_CHANGES("orderIsNewestFirstAndTheSameAtEveryCall") {
    private boolean flip;

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (!call.is("versions")) {
        return call.on(store);
      }
      List<SecretVersion> versions = new ArrayList<>(store.versions(call.name()));
      flip = !flip;
      if (flip) {
        Collections.reverse(versions);
      }
      return versions;
    }
  },
  SERVES_ANOTHER_VERSION("missingVersionIsVersionNotFound", "latestIsNeverHeldAsAPinnedId") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("fetchVersion") ? store.fetch(call.name()) : call.on(store);
    }
  },
  MISSING_IS_UNAVAILABLE("missingNameIsNotFound", "findTellsMissingFromFailing") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      try {
        return call.on(store);
      } catch (SecretException e) {
        throw e.kind() == Kind.NOT_FOUND ? fail(Kind.UNAVAILABLE, call) : e;
      }
    }
  },
  THROWS_WHAT_IT_LIKES("missingNameIsNotFound") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      try {
        return call.on(store);
      } catch (SecretException e) {
        throw new IllegalStateException("it went wrong");
      }
    }
  },
  DENIED_IS_MISSING("deniedIsNeverMissing", "goodMissingAndForbiddenAreThreeResults") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("fetchAll")) {
        Map<String, BatchStore.Answer> answers =
            store.fetchAll(
                ((Collection<?>) call.arguments()[0]).stream().map(String::valueOf).toList());
        answers.replaceAll(
            (name, answer) ->
                answer.error().isPresent()
                    ? BatchStore.Answer.failed(fail(Kind.NOT_FOUND, call))
                    : answer);
        return answers;
      }
      try {
        return call.on(store);
      } catch (SecretException e) {
        throw e.kind() == Kind.ACCESS_DENIED ? fail(Kind.NOT_FOUND, call) : e;
      }
    }
  },
  SERVES_WHAT_IS_DAMAGED("damagedValueIsNeverServed") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      try {
        return call.on(store);
      } catch (SecretException e) {
        if (e.kind() == Kind.CORRUPT) {
          return new StoredSecret(SecretValue.of("garbage"), "v1", Instant.EPOCH);
        }
        throw e;
      }
    }
  },
  VALUE_IN_A_MESSAGE("writesShowNoValue") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      try {
        return call.on(store);
      } catch (SecretException e) {
        if (e.kind() == Kind.CONFLICT) {
          String value = ((PutRequest) call.arguments()[0]).value().asString();
          throw SecretException.of(Kind.CONFLICT, "put").reason("not " + value).build();
        }
        throw e;
      }
    }
  },
  VALUE_IN_A_LOG("readsShowNoValue", "writesShowNoValue") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      String seen =
          result instanceof StoredSecret secret
              ? secret.value().asString()
              : call.is("put") ? ((PutRequest) call.arguments()[0]).value().asString() : "";
      System.getLogger("store").log(System.Logger.Level.TRACE, "seen {0}", seen);
      return result;
    }
  },
  VALUE_IN_A_DESCRIPTION("checkAndDescribeTellFacts", "readsShowNoValue") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("describe")
          ? Map.of("value", store.fetch(call.name()).value().asString())
          : call.on(store);
    }
  },
  PUT_IF_VERSION_ALWAYS("putIfVersionSucceedsAndConflicts", "oneOfManyRacingPutsIfVersionWins") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.put(
          store,
          put ->
              put.condition() == PutRequest.Condition.IF_VERSION
                  ? PutRequest.always(put.name(), put.value())
                  : put);
    }
  },
  CHECKS_THEN_WRITES("racingCountersLoseNoUpdate", "oneOfManyRacingPutsIfVersionWins") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.put(
          store,
          put -> {
            if (put.condition() != PutRequest.Condition.IF_VERSION) {
              return put;
            }
            if (!store.fetch(put.name()).version().equals(put.expectedVersion())) {
              throw fail(Kind.CONFLICT, call);
            }
            LockSupport.parkNanos(
                50_000_000); // the gap in which others write, on a busy machine, too
            return PutRequest.always(put.name(), put.value());
          });
    }
  },
  CREATE_OVERWRITES("createOnlyRefusesANameThatExists", "oneOfManyRacingCreatorsWins") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.put(
          store,
          put ->
              put.condition() == PutRequest.Condition.CREATE_ONLY
                  ? PutRequest.always(put.name(), put.value())
                  : put);
    }
  },
  EQUAL_MAKES_A_VERSION("equalPutIsUnchangedAndMakesNoVersion") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (result instanceof PutResult put && put.outcome() == PutResult.Outcome.UNCHANGED) {
        store.holding(call.putName(), "between");
        return call.on(store);
      }
      return result;
    }
  },
  CLOSES_THE_CALLERS_VALUE("writtenValueStaysTheCallers") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (call.is("put")) {
        ((PutRequest) call.arguments()[0]).value().close();
      }
      return result;
    }
  },
  PENDING_IS_SERVED("pendingIsNotServedBeforeItIsPromoted") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.put(store, put -> PutRequest.always(put.name(), put.value()));
    }
  },
  A_PUT_ENDS_A_ROTATION("pendingSurvivesAPut") {
    private String pending = "";

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (call.is("put") && result instanceof PutResult put) {
        boolean isPending = ((PutRequest) call.arguments()[0]).stage() == Stage.PENDING;
        pending = isPending ? put.version() : "";
      } else if (call.is("versions")) {
        return store.versions(call.name()).stream().map(this::withoutStage).toList();
      }
      return result;
    }

    private SecretVersion withoutStage(SecretVersion version) {
      boolean isLost = version.stages().contains(Stage.PENDING) && !version.id().equals(pending);
      return isLost ? new SecretVersion(version.id(), version.created(), Set.of()) : version;
    }
  },
  PROMOTE_DOES_NOTHING("promotionOfAnOldVersionIsARollback", "rollbackServesThePreviousVersion") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("promote") ? null : call.on(store);
    }
  },
  DELETE_DOES_NOTHING("deletedNameIsGoneForEveryClient") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("delete") ? null : call.on(store);
    }
  },
  DELETE_TAKES_NEIGHBOURS("deleteLeavesNeighboursAlone") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("delete")) {
        store.list(call.name()).forEach(store::losing);
        return null;
      }
      return call.on(store);
    }
  },
  RESTORE_LOSES_HISTORY("restoreBringsBackValueVersionsAndStages") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (call.is("restore")) {
        String held = store.fetch(call.name()).value().asString();
        store.losing(call.name()).holding(call.name(), held);
      }
      return result;
    }
  },
  ONE_MISSING_FAILS_ALL("storesBatchAnswersEachNameOnce") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("fetchAll")) {
        ((Collection<?>) call.arguments()[0]).forEach(name -> store.fetch(name.toString()));
      }
      return call.on(store);
    }
  },
  FIRST_PAGE_ONLY("moreThanOnePageIsAnswered") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("list") ? store.list(call.name()).stream().limit(20).toList() : call.on(store);
    }
  },
  FOLDS_CASE("namesThatDifferInCaseOnlyAreDifferent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(name -> name.toLowerCase(Locale.ROOT)).on(store);
    }
  },
  FOLDS_SEPARATORS("namesThatDifferInASignOnlyAreDifferent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(name -> name.replace('/', '-').replace('_', '-')).on(store);
    }
  },
  GARBLES_NAMES("namesThatAreNotTextAreDifferent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(
              name -> new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .on(store);
    }
  },
  TIDIES_NAMES("nameIsRefusedOrKept") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(name -> name.replaceAll("^x/+(\\.\\./)?|^\\.\\./|^/|/$", "")).on(store);
    }
  },
  CUTS_LONG_NAMES("longestNameIsTakenAndOneMoreRefused") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(name -> name.substring(0, Math.min(name.length(), 512))).on(store);
    }
  },
  PREFIX_IS_A_FOLDER("prefixIsOfCharactersAndOfNothingElse") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      String folder = call.is("list") && !call.name().endsWith("/") ? call.name() + "/" : "";
      return folder.length() > 1 ? store.list(folder) : call.on(store);
    }
  },
  TRIMS_VALUES("bytesComeBackExactly") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.written(store, bytes -> text(bytes).strip().getBytes(StandardCharsets.UTF_8));
    }
  },
  KEEPS_TEXT_ONLY("bytesComeBackExactly", "everyByteAndEveryLengthUpToABlockComesBack") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.written(store, bytes -> text(bytes).getBytes(StandardCharsets.UTF_8));
    }
  },
  CUTS_LARGE_VALUES("oneByteMoreIsTooLargeAndWritesNothing") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.written(
          store, bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, BrokenContract.MAX_BYTES)));
    }
  },
  SWALLOWS_INTERRUPTS("storeHonoursAnInterrupt") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      try {
        return call.on(store);
      } catch (SecretException e) {
        boolean wasSet = e.kind() == Kind.INTERRUPTED && Thread.interrupted();
        throw wasSet ? fail(Kind.INTERRUPTED, call) : e;
      }
    }
  },
  ANSWERS_AFTER_ITS_END("closedStoreFailsClearlyAndCloseIsIdempotent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("close") ? null : call.on(store);
    }
  },
  SECOND_CLOSE_FAILS("closedStoreFailsClearlyAndCloseIsIdempotent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("close") && store.closed()) {
        throw new IllegalStateException("closed already");
      }
      return call.on(store);
    }
  },
  HANDS_OUT_ONE_VALUE("readValueIsTheReadersOwn") {
    private final Map<String, StoredSecret> handedOut = new LinkedHashMap<>();

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (!call.is("fetch")) {
        return call.on(store);
      }
      StoredSecret now = store.fetch(call.name());
      return handedOut.merge(
          call.name(), now, (held, read) -> held.version().equals(read.version()) ? held : read);
    }
  },
  SEES_ITS_OWN_WRITES_ONLY("writeIsSeenThroughASecondClientAtOnce") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (result instanceof PutResult && call.putName().equals(ContractSubject.NAME)) {
        // The write is stored, but other clients get the earlier value.
        store.next(FakeStore.Op.FETCH, call.putName(), FakeStep.value("v0", "old"));
      }
      return result;
    }
  },
  REPORTS_A_DONE_DELETE_AS_FAILED("disabledSecretIsDeletedRestoredAndPurgedAsAnyOther") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      Object result = call.on(store);
      if (call.is("delete")) {
        requireGone(store, call);
      }
      return result;
    }
  },
  ANSWERS_A_BATCH_AFTER_ITS_END("closedStoreFailsClearlyAndCloseIsIdempotent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("fetchAll") && store.closed()
          ? Map.of(ContractSubject.NAME, BatchStore.Answer.of(held()))
          : call.on(store);
    }
  },
  BATCH_HAS_DELETED_NAMES("deletedNameIsGoneForEveryClient") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (!call.is("fetchAll")) {
        return call.on(store);
      }
      Map<String, BatchStore.Answer> answers = store.fetchAll(Set.of(ContractSubject.NAME));
      answers.replaceAll(
          (name, answer) -> answer.error().isPresent() ? BatchStore.Answer.of(held()) : answer);
      return answers;
    }
  },
  LISTS_ONE_PAGE_FOR_THE_PIPELINE("moreThanOnePageIsAnswered") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      boolean isPipeline = call.is("list") && call.arguments().length == 2;
      return isPipeline ? store.list(call.name()).stream().limit(20).toList() : call.on(store);
    }
  },
  MIXES_UP_ITS_READERS("readersOfOneClientDoNotDisturbEachOther") {
    private volatile String asked = "";

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (!call.is("fetch")) {
        return call.on(store);
      }
      asked = call.name();
      LockSupport.parkNanos(1_000_000); // another reader asks meanwhile
      return store.fetch(asked);
    }
  },
  DATES_THE_READ("plainReaderSeesTheValueItsVersionAndItsTime") {
    private int reads;

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (!call.is("fetch")) {
        return call.on(store);
      }
      StoredSecret secret = store.fetch(call.name());
      return new StoredSecret(secret.value(), secret.version(), Instant.ofEpochSecond(reads++));
    }
  },
  HANDS_OUT_ONE_VALUE_OF_A_VERSION("readValueIsTheReadersOwn") {
    private final Map<String, StoredSecret> handedOut = new LinkedHashMap<>();

    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("fetchVersion")
          ? handedOut.computeIfAbsent(
              call.text(1), version -> store.fetchVersion(call.name(), version))
          : call.on(store);
    }
  },
  COMPOSES_NAMES("namesThatLookAlikeAreDifferent") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.renamed(name -> Normalizer.normalize(name, Normalizer.Form.NFC)).on(store);
    }
  },
  DECLARES_TOO_MUCH("capabilityWorksOrIsRefused") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      if (call.is("restore") || call.is("purge")) {
        throw fail(Kind.UNSUPPORTED, call);
      }
      return call.on(store);
    }
  },
  DECLARES_TOO_LITTLE("capabilityWorksOrIsRefused") {
    @Override
    @Nullable Object call(FakeStore store, Call call) throws Throwable {
      return call.is("capabilities") ? declared() : call.on(store);
    }

    @Override
    Set<Capability> declared() {
      return EnumSet.complementOf(EnumSet.of(Capability.STAGES, Capability.PUT_IF_VERSION));
    }
  };

  private static StoredSecret held() {
    return new StoredSecret(SecretValue.of("held"), "v1", Instant.EPOCH);
  }

  private static void requireGone(FakeStore store, Call call) {
    try {
      var unused = store.fetch(call.name());
    } catch (SecretException e) {
      if (e.kind() == Kind.DISABLED) {
        throw fail(Kind.DISABLED, call);
      }
    }
  }

  private final Set<String> noticed;

  Defect(String... noticed) {
    this.noticed = Set.of(noticed);
  }

  /** The tests that must fail. */
  Set<String> noticedBy() {
    return noticed;
  }

  Set<Capability> declared() {
    return EnumSet.allOf(Capability.class);
  }

  abstract @Nullable Object call(FakeStore store, Call call) throws Throwable;

  private static SecretException fail(Kind kind, Call call) {
    return SecretException.of(kind, call.method().getName()).name("x").scheme("broken").build();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
