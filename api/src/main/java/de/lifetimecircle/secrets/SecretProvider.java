package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads secrets by name, through a cache that answers at once while it holds a value that is not
 * expired.
 *
 * <pre>{@code
 * try (SecretProvider secrets = SecretProvider.open()) {
 *   secrets.require("DB_PASSWORD", "API_TOKEN"); // fail at startup, not at the first request
 *   String password = secrets.get("DB_PASSWORD").asString();
 *   Optional<Secret> proxy = secrets.find("PROXY_PASSWORD"); // a secret that may be missing
 * }
 * }</pre>
 *
 * <p>Safe for use by any number of threads; a service holds one. A call blocks only if the cache
 * holds no answer for the name, or if the held answer is in doubt after a failed write by this
 * process or after {@link #invalidate}. It then blocks at most for {@code timeout} from when a
 * thread has come to the load, or twice that if a write, a refresh or a list of versions overtakes
 * it. A name is a path of segments divided by {@code /}, 512 characters at most; each backend says
 * which characters it takes. Where the setting {@code prefix} is set, the backend has the name with
 * the prefix before it, and callers use it without.
 *
 * <p>Methods throw {@link SecretException}: {@code CLOSED} after {@link #close}, {@code BAD_NAME}
 * for a name that no backend takes, {@code INTERRUPTED} when the waiting thread is interrupted, and
 * the kinds that their own text names.
 */
public interface SecretProvider extends AutoCloseable {

  /**
   * Opens a provider as the configuration says: system property, environment, file, class path;
   * with none of these the embedded store of OpenPGP files in a folder of the user's own. Does no
   * network I/O, so a service starts while its backend is down.
   *
   * @return a new provider, which the caller closes
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  static SecretProvider open() {
    return builder().build();
  }

  /**
   * Returns a builder. Settings made on it override every other source.
   *
   * @return a new builder, without any setting
   */
  static SecretProviderBuilder builder() {
    return new SecretProviderBuilder();
  }

  /**
   * Reads the current version of a secret.
   *
   * @param name the name, without the setting {@code prefix}
   * @return the held version while it is not expired, at most {@code max-stale} old; else the one
   *     that the backend answers with
   * @throws SecretException {@code NOT_FOUND}, {@code ACCESS_DENIED}, {@code INVALID_VALUE} when it
   *     breaks a rule, {@code TIMEOUT}, or another kind as the backend answers
   */
  Secret get(String name);

  /**
   * Returns the current version, at most {@code maxAge} old: from the cache if it is that young,
   * else from the backend. For callers that need a newer answer than the cache keeps. The age
   * counts from the moment before the backend was asked, by a monotonic clock or by the time of
   * day, whichever gives the larger age; setting the clock back makes no answer younger.
   *
   * <p>The answer holds for every other way to read the name. If a caller has asked for the
   * versions of the name, this method also asks for their list and waits for it; if only the list
   * fails, this method still answers.
   *
   * <p>Readers who ask at the same time share a load; blocks at most for twice {@code timeout},
   * each from when a thread has come to the load.
   *
   * @param name the name, without the setting {@code prefix}
   * @param maxAge zero for an answer that was asked for after this call began
   * @return a version that the backend confirmed as current within that time; a local override is
   *     returned whatever its age
   * @throws SecretException as {@link #get(String)}; while the backend fails, its last failure,
   *     because the caller accepts no older answer
   * @throws IllegalArgumentException if {@code maxAge} is negative
   */
  Secret get(String name, Duration maxAge);

  /**
   * Reads the version of a secret that the selector names. A version chosen by stage or position
   * comes from the same list as {@link #validVersions(String)} and is refreshed with it.
   *
   * @param name the name, without the setting {@code prefix}
   * @param selector which version; {@link VersionSelector#current()} makes this call the same as
   *     {@link #get(String)}
   * @return that version, never another one in its place
   * @throws SecretException as {@link #get(String)}, and {@code VERSION_NOT_FOUND}; {@code
   *     UNSUPPORTED} where the backend keeps no versions
   */
  Secret get(String name, VersionSelector selector);

  /**
   * Reads the current version of a secret that may be missing. Only a missing secret is an empty
   * answer; a backend that cannot be reached still fails.
   *
   * @param name the name, without the setting {@code prefix}
   * @return the version as {@link #get(String)} gives it; empty if there is no secret of that name
   * @throws SecretException as {@link #get(String)}, but not {@code NOT_FOUND}
   */
  Optional<Secret> find(String name);

  /**
   * Reads the current version of each name, in as few calls as the backend allows. One name that
   * fails does not harm the others.
   *
   * @param names the names; may be empty, none of them null
   * @return a result for each name, in the order given, duplicates collapsed; a bad name and a
   *     closed provider are the error of a result, too
   * @throws SecretException only {@code INTERRUPTED}
   */
  Map<String, SecretResult> getAll(Collection<String> names);

  /**
   * Begins to load those of these names that are not cached, without waiting, in as few calls as
   * the backend allows. A failure shows when the name is read; this method reports none.
   *
   * @param names the names; may be empty
   */
  void prefetch(Collection<String> names);

  /**
   * Loads these names now; call it at startup to fail fast if one is missing. Blocks until every
   * name is loaded or has failed.
   *
   * @param names the names that the service cannot work without
   * @throws SecretException if any cannot be loaded: one that lists them all in {@link
   *     SecretException#problems}, of their kind where they share one and else {@code
   *     CONFIGURATION}
   */
  void require(String... names);

  /**
   * Reads the current version without blocking the caller. Cancelling the future does not stop the
   * load, which other callers may wait for.
   *
   * <p>Callbacks that are added before the end run on a thread of the provider, later ones on the
   * thread that adds them. A callback may take any time, block, and wait for other reads: no other
   * read waits for it, and another future for some milliseconds at most, unless the system starts
   * no more threads. Then a callback may run on the thread that brings the answer, and other reads
   * may wait until it returns. It holds a thread while it runs, so pass an executor of your own to
   * {@code thenApplyAsync} and its kind if many callbacks take long. The callbacks of one future
   * run one after another, in no order that you can rely on.
   *
   * @param name the name, without the setting {@code prefix}
   * @return a future of the version. This method throws nothing: every failure, a bad name too,
   *     completes the future with a {@link SecretException}. {@code exceptionally} and {@code
   *     whenComplete} on it get that, {@code join} throws it as the cause of a {@link
   *     java.util.concurrent.CompletionException}, and {@code get} as that of an {@link
   *     java.util.concurrent.ExecutionException}
   */
  CompletableFuture<Secret> getAsync(String name);

  /**
   * Lists the versions of a secret without their values. Asks the backend at each call, and takes
   * no account of a local override.
   *
   * @param name the name, without the setting {@code prefix}
   * @return all versions that the backend keeps, newest first
   * @throws SecretException as {@link #get(String)}; {@code UNSUPPORTED} where the backend keeps no
   *     versions
   */
  List<SecretVersion> versions(String name);

  /**
   * Reads the versions that a verifier of signatures or logins must accept, from the cache. The
   * first is never older than the version that {@link #get(String)} served last.
   *
   * <p>From the first call on, each refresh of the name also fetches the list of versions, with one
   * more call to the backend; cached values are not read again. So a version that another process
   * makes pending appears within {@code soft-age}.
   *
   * @param name the name, without the setting {@code prefix}
   * @return the current version, then the previous and the pending one where there are any that
   *     have a value and keep the rules of the name; only the current one if the backend keeps no
   *     versions
   * @throws SecretException as {@link #get(String)}
   */
  List<Secret> validVersions(String name);

  /**
   * Reads the versions that a verifier must accept, from a list that is at most {@code maxAge} old:
   * from the cache if it is that young, else from the backend. For code that has just seen a
   * signature or a login refused and must know whether a version was made pending or current
   * meanwhile.
   *
   * <p>The age is measured as for {@link #get(String, Duration)}; the values may have been read
   * earlier, since a version does not change. If the list names another current version than the
   * one that is held, every other way to read the name knows it when this returns, until the
   * backend answers a read of the name by an older one; then the list is asked for again. Readers
   * who ask at the same time share a load; blocks at most for twice {@code timeout}, each from when
   * a thread has come to the load. Safe for use by several threads.
   *
   * @param name the name, without the setting {@code prefix}
   * @param maxAge zero for a list that was asked for after this call began
   * @return the versions in the order of {@link #validVersions(String)}, never empty
   * @throws SecretException as {@link #get(String)}; while the backend fails, its last failure,
   *     because the caller accepts no older list
   * @throws IllegalArgumentException if {@code maxAge} is negative
   */
  List<Secret> validVersions(String name, Duration maxAge);

  /**
   * Lists names. Asks the backend at each call.
   *
   * @param prefix the beginning of the wanted names, after the setting {@code prefix}; the empty
   *     text for all
   * @return the names that begin with it, sorted, in the form that {@link #get(String)} takes
   * @throws SecretException {@code UNSUPPORTED} where the backend cannot list
   */
  List<String> list(String prefix);

  /**
   * Reads the backend's facts about a secret, without its value. Asks the backend at each call.
   *
   * @param name the name, without the setting {@code prefix}
   * @return location, times, tags and ids, by words for people; which ones depends on the backend
   * @throws SecretException as {@link #get(String)}
   */
  Map<String, String> describe(String name);

  /**
   * Fetches the current version from the backend and replaces the cached one; if a caller has asked
   * for the versions of the name, this also replaces their list. Blocks as {@link #get(String,
   * Duration)} does.
   *
   * @param name the name, without the setting {@code prefix}
   * @return the fetched version; a local override as it is, without asking the backend
   * @throws SecretException as {@link #get(String)}; the held value then stays
   */
  Secret refresh(String name);

  /**
   * Makes the next read of that name ask the backend, for the current version and for every other
   * one that is held. For code that learns of a change by itself, such as a message on a queue or a
   * database that refuses a password. Does no I/O itself.
   *
   * <p>If the backend cannot be asked, the read answers with the held version as {@code STALE}; the
   * backend is asked again after a backoff, as in every outage. If the backend says that there is
   * no such secret, the held version is dropped.
   *
   * @param name the name, without the setting {@code prefix}; one that is not cached needs no call
   */
  void invalidate(String name);

  /**
   * Opens a handle, which keeps the current version fresh until it is closed, or until the program
   * has no reference to it any more. Does no I/O itself.
   *
   * @param name the name, without the setting {@code prefix}; the secret need not exist yet
   * @return a new handle for code that reads the name very often; the caller closes it
   */
  SecretHandle handle(String name);

  /**
   * Calls the listener each time the current version is another one than before ({@link
   * SecretEvent.Type#ROTATED}), and keeps the name fresh. An outage is no change: see {@link
   * #onEvent}. Does no I/O itself.
   *
   * @param name the name, without the setting {@code prefix}; the secret need not exist yet
   * @param listener called on a thread of the provider, one event at a time
   * @return closing it ends the calls; dropping it does not
   */
  SecretListener.Registration onChange(String name, SecretListener listener);

  /**
   * Calls the listener for each event of that name, changes and failures alike, and keeps the name
   * fresh. Does no I/O itself.
   *
   * @param name the name, without the setting {@code prefix}; the secret need not exist yet
   * @param listener called on a thread of the provider, one event at a time
   * @return closing it ends the calls; dropping it does not
   */
  SecretListener.Registration onEvent(String name, SecretListener listener);

  /**
   * Asks the backend whether it answers and these credentials are good. Reads no secret; for a
   * readiness probe or a command of an operator.
   *
   * @return facts for people: where it is, who we are there
   * @throws SecretException if the check fails; says why
   */
  Map<String, String> check();

  /**
   * Takes a snapshot of the figures since this provider was opened: reads, loads, failures, ages,
   * cost. Takes time that grows with the number of names held; does not block.
   *
   * @return the figures of this moment; they do not change later
   */
  SecretStats stats();

  /**
   * Lists the settings in force, each with where it came from. A value is redacted unless the
   * library or a backend on the class path documents its key as public.
   *
   * @return the settings as they were when the provider was built; safe to print
   */
  List<Setting> settings();

  /**
   * Ends background work, overwrites every value it fetched and closes the backend. Calls under way
   * fail with {@code CLOSED}; closing twice is harmless.
   */
  @Override
  void close();
}
