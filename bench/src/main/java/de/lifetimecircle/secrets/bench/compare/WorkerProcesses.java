package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.compare.WorkerAssignment.Kind;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the processes that measure, one at a time. {@link #stop} may come from another thread; the
 * process that runs is kept in a volatile field for it.
 */
final class WorkerProcesses implements AutoCloseable {
  private static final int STARTS_QUICK = 4;
  private static final int STARTS_FULL = 3;
  private static final int PATIENCE_SECONDS = 180;
  private static final int PATIENCE_TIMES = 6;

  private final List<Path> jars;
  private final Path log;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable Process running;
  private volatile boolean stopped;

  /**
   * The results of a process.
   *
   * @param samples its measurements
   * @param failed the measurements that failed, and why
   * @param omitted the measurements that do not apply, and why
   */
  record Found(List<SampleSet> samples, List<ResultText> failed, List<ResultText> omitted) {
    static Found none() {
      return new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * The processes.
   *
   * @param jars what is added to the class path
   * @param log where the processes' standard error goes
   */
  WorkerProcesses(List<Path> jars, Path log) {
    this.jars = jars;
    this.log = log;
  }

  /**
   * Runs an assignment in a process of its own. Blocks.
   *
   * @param seconds how long it takes, about; it is ended when it takes far longer
   */
  Found run(WorkerAssignment work, double seconds, boolean isQuick)
      throws IOException, InterruptedException {
    Found found = Found.none();
    if (work.kind() != Kind.START) {
      var unused = process(work, seconds, found);
      return found;
    }
    SampleSet samples =
        SampleSet.of("start-to-first-secret", "ms").after("warm.process").noted("start");
    int starts = isQuick ? STARTS_QUICK : STARTS_FULL;
    for (int i = 0; i <= starts && found.failed().isEmpty(); i++) {
      double millis = process(work, seconds, found);
      if (i > 0 && found.failed().isEmpty()) {
        samples = samples.add(millis);
      }
    }
    if (samples.histogram().getTotalCount() > 0) {
      found.samples().add(samples);
    }
    return found;
  }

  /** The milliseconds until it said that it was done, or to its end. */
  private double process(WorkerAssignment work, double seconds, Found found)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Process process = started();
    Future<?> patience =
        watch.schedule(
            process::destroyForcibly,
            (long) (PATIENCE_SECONDS + PATIENCE_TIMES * seconds),
            TimeUnit.SECONDS);
    try (OutputStream in = process.getOutputStream()) {
      in.write(work.json().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended at once; its exit value tells.
    }
    long done = 0;
    ResultText step = ResultText.measure(work.kind().word());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Map<?, ?> report = ComparisonWorker.report(line);
        step = report.get("step") instanceof List<?> next ? ResultText.read(next) : step;
        done = report.containsKey("done") ? System.nanoTime() : done;
        take(report, found);
      }
    }
    int exit = process.waitFor();
    patience.cancel(false);
    running = null;
    if (exit != 0 && !stopped) {
      ResultText why = ResultText.of("not.ended", exit, log.toString());
      found.failed().add(ResultText.of("step", step, why));
    }
    return ((done == 0 ? System.nanoTime() : done) - begun) / 1e6;
  }

  private static void take(Map<?, ?> report, Found found) {
    if (report.containsKey("samples")) {
      found.samples().add(RecordMapping.readKnown(SampleSet.class, report.get("samples")));
    }
    if (report.get("failed") instanceof List<?> failure) {
      found.failed().add(ResultText.read(failure));
    }
    if (report.get("omitted") instanceof List<?> omission) {
      found.omitted().add(ResultText.read(omission));
    }
  }

  private synchronized Process started() throws IOException {
    if (stopped) {
      throw new IOException("interrupted");
    }
    List<String> path = new ArrayList<>();
    path.add(System.getProperty("java.class.path"));
    jars.forEach(jar -> path.add(jar.toString()));
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-Djmh.ignoreLock=true",
            "-cp",
            String.join(File.pathSeparator, path),
            ComparisonWorker.class.getName());
    Path folder = log.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    running = process;
    return process;
  }

  /** Ends what runs, and lets nothing begin. */
  synchronized void stop() {
    stopped = true;
    Process process = running;
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public void close() {
    stop();
    watch.shutdownNow();
  }
}
