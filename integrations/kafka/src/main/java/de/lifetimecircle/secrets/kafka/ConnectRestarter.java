package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Restarts those connectors of Kafka Connect, with their tasks, whose configuration names a secret
 * that has rotated. Connect itself reads a secret when a task starts, and never again.
 *
 * <p>Run it in one process, beside the workers or in one of them. It asks the REST API of a worker
 * which connectors name which secrets; the API shows placeholders and no values. Rotations within
 * half a second share a restart. While the worker is down or rebalances, the restart is tried again
 * after 1 s, 2 s, and so on up to 30 s. Connectors that do not name the secret stay as they are,
 * failed tasks of theirs too.
 *
 * <p>One thread does all requests; the listeners only note names. Safe for use by several threads;
 * no method blocks. The provider stays open.
 */
public final class ConnectRestarter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ConnectRestarter.class.getName());
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final SecretProvider provider;
  private final ConnectWorker worker;
  private final String configProvider;
  private final Predicate<String> allowed;
  private final Duration settle;
  private final Duration firstRetry;
  private final ScheduledThreadPoolExecutor thread;

  private final Map<String, SecretListener.Registration> watched = new ConcurrentHashMap<>();

  /** One rotation, with the connectors restarted for it; the set belongs to the one thread. */
  private static final class Rotation {
    private final Set<String> restarted = new HashSet<>();
  }

  /** The last rotation of each name whose connectors are not all restarted yet. */
  private final Map<String, Rotation> due = new ConcurrentHashMap<>();

  private final AtomicBoolean isScheduled = new AtomicBoolean();

  // The next two are used by the one thread alone.
  private Duration retry;
  private boolean workerFails;

  ConnectRestarter(ConnectRestarterBuilder builder) {
    this.provider = builder.provider;
    this.worker = new ConnectWorker(builder.worker, builder.authorization);
    this.configProvider = builder.configProvider;
    this.allowed = builder.allowed;
    this.settle = builder.settle;
    this.firstRetry = builder.firstRetry;
    this.retry = firstRetry;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread made = new Thread(work, "secrets-connect-restarter");
              made.setDaemon(true);
              return made;
            });
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var unused =
        thread.scheduleWithFixedDelay(
            this::look,
            builder.firstLook.toMillis(),
            builder.lookEvery.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Starts a restarter.
   *
   * @param worker the REST API of any worker of the cluster, such as {@code http://127.0.0.1:8083}
   * @throws IllegalArgumentException if it is not a URL of {@code http} or {@code https}
   */
  public static ConnectRestarterBuilder builder(SecretProvider provider, URI worker) {
    return new ConnectRestarterBuilder(provider, worker);
  }

  /** Restarts the connectors that name this secret each time it rotates. Does no I/O. */
  void watch(String name) {
    watched.computeIfAbsent(name, each -> provider.onChange(each, this::rotated));
  }

  private void rotated(SecretEvent event) {
    due.put(event.name(), new Rotation());
    schedule(settle);
  }

  private void schedule(Duration delay) {
    if (!thread.isShutdown() && isScheduled.compareAndSet(false, true)) {
      var unused = thread.schedule(this::restartDue, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Finds secrets that connectors name since the last look. */
  private void look() {
    try {
      Set<String> names = new HashSet<>();
      worker.connectors(configProvider).values().forEach(names::addAll);
      answers();
      names.removeIf(name -> watched.containsKey(name) || !allowed.test(name));
      if (!names.isEmpty()) {
        provider.prefetch(names); // else the first rotation would have no version before it
        names.forEach(this::watch);
      }
    } catch (IOException e) {
      fails(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Cannot watch the secrets of connectors.", e);
    }
  }

  private void restartDue() {
    isScheduled.set(false);
    Map<String, Rotation> rotations = Map.copyOf(due);
    try {
      IOException failed = null;
      for (Map.Entry<String, Set<String>> each : worker.connectors(configProvider).entrySet()) {
        try {
          restart(each.getKey(), each.getValue(), rotations);
        } catch (IOException e) {
          failed = e; // a connector that the worker cannot restart must not stop the others
        }
      }
      if (failed != null) {
        throw failed;
      }
      answers();
      rotations.forEach(due::remove); // unless the name has rotated once more
      retry = firstRetry;
    } catch (IOException e) {
      fails(e);
      schedule(retry);
      retry = longer(retry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Cannot restart connectors.", e);
      schedule(LONGEST_RETRY);
    }
  }

  private void restart(String connector, Set<String> names, Map<String, Rotation> rotations)
      throws IOException, InterruptedException {
    List<Rotation> ofIt =
        rotations.entrySet().stream()
            .filter(each -> names.contains(each.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    if (ofIt.stream().allMatch(rotation -> rotation.restarted.contains(connector))) {
      return;
    }
    worker.restart(connector);
    ofIt.forEach(rotation -> rotation.restarted.add(connector));
    LOG.log(Level.INFO, "Restarted connector '" + connector + "', whose secret has rotated.");
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : twice;
  }

  /** Logs the first failure of a row of them, and its end. */
  private void fails(IOException e) {
    if (!workerFails) {
      LOG.log(
          Level.WARNING,
          "Cannot reach the Connect worker " + worker + ". Trying again until it answers.",
          e);
    }
    workerFails = true;
  }

  private void answers() {
    if (workerFails) {
      LOG.log(Level.INFO, "The Connect worker " + worker + " answers again.");
    }
    workerFails = false;
  }

  /** Ends the watching; a restart under way is abandoned. Closing twice is harmless. */
  @Override
  public void close() {
    watched.values().forEach(SecretListener.Registration::close);
    thread.shutdownNow();
  }
}
