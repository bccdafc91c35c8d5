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
 * <p>Safe for use by any number of threads; a service holds one. A call blocks only if the cache
 * holds no answer for the name, or if the held answer is in doubt after a failed write by this
 * process or after {@link #invalidate}. It then blocks at most for {@code timeout} from when a
 * thread has come to the load, or twice that if a write or a refresh overtakes it. A name is a path
 * of segments divided by {@code /}; each backend says which characters it takes.
 *
 * <p>Every method throws {@link SecretException}: {@code CLOSED} after {@link #close}, {@code
 * BAD_NAME} for a name that no backend takes, {@code INTERRUPTED} when the waiting thread is
 * interrupted, and the kinds that its own text names.
 */
public interface SecretProvider extends AutoCloseable {

  /**
   * Opens a provider as the configuration says: system property, environment, file, class path;
   * with none of these the embedded store of OpenPGP files in a folder of the user's own.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  static SecretProvider open() {
    return builder().build();
  }

  /** Starts a provider whose settings are made in code and win over all others. */
  static SecretProviderBuilder builder() {
    return new SecretProviderBuilder();
  }

  /**
   * The current version of a secret.
   *
   * @throws SecretException {@code NOT_FOUND}, {@code ACCESS_DENIED}, {@code INVALID_VALUE} when it
   *     breaks a rule, {@code TIMEOUT}, or another kind as the backend answers
   */
  Secret get(String name);

  /**
   * Returns the current version, asked of the backend no longer ago than {@code maxAge}: from the
   * cache if it is that young, else from the backend. For callers that need a newer answer than the
   * cache keeps. The age counts from the moment before the backend was asked, by a monotonic clock
   * or by the time of day, whichever gives the larger age; setting the clock back makes no answer
   * younger.
   *
   * <p>The answer holds for every other way to read the name. If somebody has asked for the
   * versions of the name, this method also asks for their list and waits for it; if only the list
   * fails, this method still answers.
   *
   * <p>Readers who ask at the same time share a load; blocks at most for twice {@code timeout},
   * each from when a thread has come to the load.
   *
   * @param maxAge zero for an answer that was asked for after this call began
   * @throws SecretException as {@link #get(String)}; while the backend fails, its last failure,
   *     because the caller accepts no older answer
   * @throws IllegalArgumentException if {@code maxAge} is negative
   */
  Secret get(String name, Duration maxAge);

  /**
   * Returns the version of a secret that the selector names. A version chosen by stage or position
   * comes from the same list as {@link #validVersions(String)} and is refreshed with it.
   *
   * @throws SecretException as {@link #get(String)}, and {@code VERSION_NOT_FOUND}; {@code
   *     UNSUPPORTED} where the backend keeps no versions
   */
  Secret get(String name, VersionSelector selector);

  /**
   * The current version, or nothing when there is no secret of that name.
   *
   * @throws SecretException as {@link #get(String)}, but not {@code NOT_FOUND}
   */
  Optional<Secret> find(String name);

  /**
   * The current version of each name: a result for each, in the order given, duplicates collapsed.
   * One name that fails does not harm the others.
   */
  Map<String, SecretResult> getAll(Collection<String> names);

  /**
   * Begins to load those of these names that are not cached, without waiting, in as few calls as
   * the backend allows. A failure shows when the name is read.
   */
  void prefetch(Collection<String> names);

  /**
   * Loads these names, as a service does at its start, so that it does not come up without them.
   *
   * @throws SecretException if any cannot be had: one that lists them all in {@link
   *     SecretException#problems}, of their kind where they share one and else {@code
   *     CONFIGURATION}
   */
  void require(String... names);

  /**
   * The current version, without blocking the caller. Whatever goes wrong, and whenever, the future
   * itself completes with a {@link SecretException}: {@code exceptionally} and {@code whenComplete}
   * on it get that, {@code join} throws it as the cause of a {@link
   * java.util.concurrent.CompletionException}, and {@code get} as that of an {@link
   * java.util.concurrent.ExecutionException}. Nothing is thrown here. Cancelling the future does
   * not stop the load, which others may wait for.
   *
   * <p>Callbacks that are added before the end run on a thread of the provider, later ones on the
   * thread that adds them. A callback may take any time, block, and wait for other reads: no other
   * read waits for it, and another future for some milliseconds at most, unless the system starts
   * no more threads. Then a callback may run on the thread that brings the answer, and other reads
   * may wait until it returns. It holds a thread while it runs, so pass an executor of your own to
   * {@code thenApplyAsync} and its kind if many callbacks take long. The callbacks of one future
   * run one after another, in no order that you can rely on.
   */
  CompletableFuture<Secret> getAsync(String name);

  /**
   * The versions of a secret, newest first. Asks the backend at each call.
   *
   * @throws SecretException as {@link #get(String)}; {@code UNSUPPORTED} where the backend keeps no
   *     versions
   */
  List<SecretVersion> versions(String name);

  /**
   * Returns the versions that a verifier must accept, from the cache: the current one, then the
   * previous and the pending one where there are any. The first is never older than the version
   * that {@link #get} served last.
   *
   * <p>From the first call on, each refresh of the name also fetches the list of versions, with one
   * more call to the backend; cached values are not read again. So a version that another process
   * makes pending appears within {@code soft-age}. If the backend keeps no versions, the list
   * contains only the current one.
   *
   * @throws SecretException as {@link #get(String)}
   */
  List<Secret> validVersions(String name);

  /**
   * Returns the versions that a verifier must accept, from a list that was asked of the backend no
   * longer ago than {@code maxAge}: from the cache if it is that young, else from the backend. For
   * code that has just seen a signature or a login refused and must know whether a version was made
   * pending or current meanwhile.
   *
   * <p>The age is measured as for {@link #get(String, Duration)}; the values may have been read
   * earlier, since a version does not change. If the list names another current version than the
   * one that is held, every other way to read the name knows it when this returns, until the
   * backend answers a read of the name by an older one; then the list is asked for again. Readers
   * who ask at the same time share a load; blocks at most for twice {@code timeout}, each from when
   * a thread has come to the load. Safe for use by several threads.
   *
   * @param maxAge zero for a list that was asked for after this call began
   * @throws SecretException as {@link #get(String)}; while the backend fails, its last failure,
   *     because the caller accepts no older list
   * @throws IllegalArgumentException if {@code maxAge} is negative
   */
  List<Secret> validVersions(String name, Duration maxAge);

  /**
   * The names that begin with the prefix, sorted. Asks the backend at each call.
   *
   * @param prefix the empty text for all
   * @throws SecretException {@code UNSUPPORTED} where the backend cannot list
   */
  List<String> list(String prefix);

  /**
   * Returns the backend's facts about a secret, without its value: location, times, tags, ids. Asks
   * the backend at each call.
   *
   * @throws SecretException as {@link #get(String)}
   */
  Map<String, String> describe(String name);

  /**
   * Fetches the current version from the backend and replaces the cached one; if somebody has asked
   * for the versions of the name, this also replaces their list.
   *
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
   */
  void invalidate(String name);

  /**
   * The current version as a handle that is kept fresh until it is closed, or until nobody has a
   * reference to it any more. Does no I/O itself.
   */
  SecretHandle handle(String name);

  /**
   * Calls the listener each time the current version is another one than before ({@link
   * SecretEvent.Type#ROTATED}), and keeps the name fresh. An outage is no change: see {@link
   * #onEvent}. Does no I/O itself.
   */
  SecretListener.Registration onChange(String name, SecretListener listener);

  /**
   * Calls the listener for each event of that name, changes and failures alike, and keeps the name
   * fresh. Does no I/O itself.
   */
  SecretListener.Registration onEvent(String name, SecretListener listener);

  /**
   * Asks the backend whether it answers and these credentials are good.
   *
   * @return facts for people: where it is, who we are there
   * @throws SecretException if the check fails; says why
   */
  Map<String, String> check();

  /**
   * The figures since this provider was opened: reads, loads, failures, ages, cost. Takes time that
   * grows with the number of names held; does not block.
   */
  SecretStats stats();

  /**
   * The settings in force, each with where it came from. A value is redacted unless the library or
   * a backend on the class path documents its key as public.
   */
  List<Setting> settings();

  /**
   * Ends background work, overwrites every value it fetched and closes the backend. Calls under way
   * fail with {@code CLOSED}; closing twice is harmless.
   */
  @Override
  void close();
}
