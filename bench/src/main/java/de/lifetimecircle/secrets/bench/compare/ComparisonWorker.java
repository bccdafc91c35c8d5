package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The process that measures one participant: reads its {@link WorkerAssignment} from standard
 * input, and tells on standard output what it does and what it found, a line of JSON each. Whatever
 * else a library prints goes to standard error. Ends with 0 when it came to its end, whatever
 * failed.
 */
public final class ComparisonWorker {
  private static final String MARK = "@bench ";

  private final PrintStream reports;

  private ComparisonWorker(PrintStream reports) {
    this.reports = reports;
  }

  /**
   * Does what standard input says.
   *
   * @param args none
   * @throws IOException if standard input cannot be read
   */
  public static void main(String[] args) throws IOException {
    ComparisonWorker lab =
        new ComparisonWorker(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setOut(System.err);
    WorkerAssignment work =
        WorkerAssignment.of(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    lab.go(work);
    System.exit(0); // some clients leave threads behind that would keep the process
  }

  private void go(WorkerAssignment work) {
    try {
      switch (work.kind()) {
        case PREPARE -> SecretPreparation.go(work);
        case CALLS -> new TimedCalls(work, this).go();
        case JMH -> JmhCalls.go(work, this);
        case EVENTS -> new SlowScenarios(work, this).go();
        case FOOTPRINT -> ResourceUse.go(work, this);
        case PEERS -> new PeerPrograms(work, this).go();
        case START -> {
          SecretPreparation.readOne(work);
          tell("done", "start");
        }
        case CLEAN -> SecretPreparation.clean(work);
      }
    } catch (Throwable e) {
      failed(ResultText.measure(work.kind().word()), e);
    }
  }

  /** One thing to measure. */
  interface Measuring {
    SampleSet go() throws Exception;
  }

  /** Measures, tells the samples, or tells why there are none and goes on. */
  void measure(ResultText what, Measuring work) {
    tell("step", what.json());
    try {
      SampleSet samples = work.go();
      if (samples.histogram().getTotalCount() == 0) {
        tell("failed", ResultText.of("step", what, ResultText.of("not.succeeded")).json());
      } else {
        tell("samples", RecordMapping.members(samples));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed(what, e);
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.UNSUPPORTED) {
        tell("omitted", ResultText.of("step", what, ResultText.of("not.able")).json());
      } else {
        failed(what, e);
      }
    } catch (Exception | LinkageError e) {
      failed(what, e);
    }
  }

  /** Tells that something does not apply, and why. */
  void omitted(String id, String why) {
    tell("omitted", ResultText.of("step", ResultText.measure(id), ResultText.of(why)).json());
  }

  private void failed(ResultText what, Throwable e) {
    e.printStackTrace(System.err);
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String why = message.lines().findFirst().orElse("");
    tell("failed", ResultText.of("step", what, withoutStop(why)).json());
  }

  /** A reason as a part of a longer sentence, which has a full stop of its own. */
  static Object withoutStop(Object why) {
    return why instanceof String text && text.endsWith(".")
        ? text.substring(0, text.length() - 1)
        : why;
  }

  private void tell(String key, Object value) {
    reports.println(MARK + Json.write(Map.of(key, value)));
  }

  /** Parses a line of a worker process; empty if the line is not one of ours. */
  static Map<?, ?> report(String line) {
    if (!line.startsWith(MARK)) {
      return Map.of();
    }
    try {
      return Json.parse(line.substring(MARK.length())) instanceof Map<?, ?> map ? map : Map.of();
    } catch (IllegalArgumentException e) {
      return Map.of(); // the process was ended in the middle of it
    }
  }
}
