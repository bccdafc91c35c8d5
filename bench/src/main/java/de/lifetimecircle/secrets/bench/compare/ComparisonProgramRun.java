package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.bench.compare.MeasuringPlan.Task;
import de.lifetimecircle.secrets.bench.compare.WorkerAssignment.Kind;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run of a comparison: starts the servers, has the work done process by process, and saves what
 * is known after each. Used once, by one thread; only {@link #interrupt} comes from another one.
 */
final class ComparisonProgramRun implements AutoCloseable {
  /** The key that differs between two parts of the same run. */
  private static final String DATE = "date";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CompareRequest request;
  private final Map<String, String> machine;
  private final Map<String, String> environment;
  private final PrintStream err;
  private final WorkerProcesses workers;
  private final Thread atExit = new Thread(this::interrupt, "interrupted");
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String notice = "Interrupted; nothing was measured yet.";

  ComparisonProgramRun(
      CompareRequest request,
      Map<String, String> machine,
      Map<String, String> environment,
      PrintStream err) {
    this.request = request;
    this.machine = new LinkedHashMap<>(machine);
    this.machine.put("asked for", request.asked());
    this.environment = Map.copyOf(environment);
    this.err = err;
    Path result = request.json();
    this.workers =
        new WorkerProcesses(request.jars(), result.resolveSibling(result.getFileName() + ".log"));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Ends what runs; what was measured is on the disk already. */
  private void interrupt() {
    if (!workers.isStopped()) {
      err.println(notice);
    }
    workers.stop();
    try {
      // The servers' files are removed by the thread that runs the comparison.
      if (!closed.await(10, TimeUnit.SECONDS)) {
        err.println("Files of the servers are left beside " + request.json());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Measures; whether all of it could be. Blocks for minutes. */
  boolean go() throws IOException, InterruptedException {
    String run = HexFormat.of().toHexDigits(RANDOM.nextInt());
    String prefix = "compare" + run + "/";
    // Beside the result and not among temporary files, which may be in memory: the store of files
    // is to write to a disk.
    Path place = request.json().toAbsolutePath();
    Path folder = place.resolveSibling(place.getFileName() + ".files-" + run);
    removeLeftFolders(place);
    try (Participants participants = new Participants(request, prefix, folder, environment)) {
      err.println("Starting the backends ...");
      participants.start();
      Optional<ComparisonJournal> left = left(participants);
      // Written before the first secret is: it tells where they are when this process is killed.
      ComparisonJournal journal = left.isPresent() ? left.get() : begin(prefix, participants);
      participants.below(journal.head().prefix());
      prepare(participants);
      MeasuringPlan plan =
          MeasuringPlan.of(request, participants.subjects(), participants, journal.head().seed());
      work(participants, plan, journal);
      for (ParticipantAccess subject : participants.subjects()) {
        clean(subject);
      }
      ComparisonRun result = save(participants, plan, journal);
      end(journal, participants);
      return end(result);
    }
  }

  /** A run that was killed could not remove the files of its servers. */
  private static void removeLeftFolders(Path place) throws IOException {
    Path beside = place.getParent();
    if (beside == null || !Files.isDirectory(beside)) {
      return;
    }
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(beside, place.getFileName() + ".files-????????")) {
      for (Path folder : left) {
        WholeFolders.delete(folder);
      }
    }
  }

  /** Returns the progress of an interrupted run of the same kind; removes that of another kind. */
  private Optional<ComparisonJournal> left(Participants participants)
      throws IOException, InterruptedException {
    Optional<ComparisonJournal> journal = ComparisonJournal.left(request.json());
    if (journal.isPresent() && request.start() == CompareRequest.Start.RESUMED) {
      boolean isSame =
          journal.get().head().asked().equals(identity())
              && journal.get().head().named().equals(participants.named())
              && (request.seed() == null || request.seed() == journal.get().head().seed());
      if (isSame) {
        err.println(
            "Resumes the interrupted run; "
                + journal.get().entries().size()
                + " processes are done. --restart starts again.");
        return journal;
      }
      err.println(
          "The interrupted run used another machine, commit, arguments or servers: starts again.");
    }
    if (journal.isPresent()) {
      cleanUpAfter(journal.get().head(), participants);
    }
    ComparisonJournal.setAside(request.json())
        .ifPresent(kept -> err.println("The result that was there is now " + kept));
    return Optional.empty();
  }

  /** Removes the secrets of a run that is not resumed, or says where they are. */
  private void cleanUpAfter(ComparisonJournal.Head old, Participants participants)
      throws IOException, InterruptedException {
    Map<String, String> elsewhere = new TreeMap<>(old.named());
    elsewhere.entrySet().removeAll(participants.named().entrySet());
    for (ParticipantAccess subject : participants.subjects()) {
      if (old.named().containsKey(subject.name()) && !elsewhere.containsKey(subject.name())) {
        clean(subject.below(old.prefix()));
      }
    }
    elsewhere.forEach(
        (name, settings) ->
            err.println(
                "Secrets that begin with "
                    + old.prefix()
                    + " may be left on "
                    + name
                    + " "
                    + settings
                    + ", which does not take part now: take it away there."));
  }

  String identity() {
    Map<String, String> facts = new TreeMap<>(machine);
    facts.remove(DATE);
    return facts.toString();
  }

  private ComparisonJournal begin(String prefix, Participants participants) throws IOException {
    err.println("Measuring the noise floor ...");
    Map<ResultText, BigDecimal> noise = NoiseFloor.measure(request.trips());
    noise.forEach(
        (probe, micros) ->
            err.println("  " + probe.in(Language.ENGLISH) + ": " + micros.toPlainString() + " us"));
    Long seed = request.seed();
    return ComparisonJournal.begin(
        request.json(),
        new ComparisonJournal.Head(
            identity(),
            participants.named(),
            InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS),
            seed == null ? RANDOM.nextInt(Integer.MAX_VALUE) : seed,
            prefix,
            noise));
  }

  private void prepare(Participants participants) throws IOException, InterruptedException {
    for (ParticipantAccess subject : participants.subjects()) {
      err.println("Writing secrets: " + subject.name());
      WorkerProcesses.Found found =
          workers.run(new WorkerAssignment(Kind.PREPARE, subject, Map.of(), 0, 0), 10, isQuick());
      if (!found.failed().isEmpty()) {
        participants.fail(
            subject.name(), found.failed().get(0).arguments().get(1)); // of (step, why)
        clean(subject); // some may be written
      }
    }
    participants.failures().forEach(this::tell);
  }

  private boolean isQuick() {
    return request.extent() == CompareRequest.Extent.QUICK;
  }

  private void work(Participants participants, MeasuringPlan plan, ComparisonJournal journal)
      throws IOException, InterruptedException {
    List<Task> open = new ArrayList<>(plan.tasks());
    open.removeIf(task -> journal.has(task.id()));
    double slower = 1;
    while (!open.isEmpty()) {
      Task task = open.remove(0);
      int number = plan.tasks().size() - open.size();
      String place = String.format(Locale.ROOT, "%d of %d", number, plan.tasks().size());
      double left = slower * (task.seconds() + MeasuringPlan.seconds(open));
      if (task.round() > 1 && millis(journal) > 1000L * request.seconds()) {
        WorkerProcesses.Found none = WorkerProcesses.Found.none();
        ResultText what =
            ResultText.of("not.round", ResultText.measure(task.kind().word()), task.round());
        none.omitted().add(ResultText.of("step", what, ResultText.of("not.time")));
        journal.add(
            new ComparisonJournal.Entry(
                task.id(), participants.subject(task).participant(), 0, none));
      } else {
        err.println(place + "  " + words(task, left));
        long millis = done(task, participants, plan, journal);
        slower = 0.8 * slower + 0.2 * millis / 1000 / task.seconds();
      }
      var unused = save(participants, plan, journal);
      notice =
          "Interrupted: "
              + place
              + " are in "
              + request.json()
              + "; run the same command to resume.";
    }
  }

  private static String words(Task task, double left) {
    return String.format(
        Locale.ROOT,
        "%s: %s, round %d (about %d:%02d left)",
        task.name(),
        task.kind().word(),
        task.round(),
        (int) left / 60,
        (int) left % 60);
  }

  /** Has a task done and takes down what was found; how long it took. */
  private long done(
      Task task, Participants participants, MeasuringPlan plan, ComparisonJournal journal)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    WorkerProcesses.Found found =
        workers.run(assignment(task, participants, plan), task.seconds(), isQuick());
    if (workers.isStopped()) {
      throw new InterruptedException("what this process found is not whole");
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    found.failed().forEach(what -> tell(ResultText.of("cannot.step", task.name(), what)));
    journal.add(
        new ComparisonJournal.Entry(
            task.id(), participants.subject(task).participant(), millis, found));
    return millis;
  }

  private static long millis(ComparisonJournal journal) {
    return journal.entries().stream().mapToLong(ComparisonJournal.Entry::millis).sum();
  }

  private static WorkerAssignment assignment(
      Task task, Participants participants, MeasuringPlan plan) {
    ParticipantAccess subject = participants.subject(task);
    return new WorkerAssignment(
        task.kind(), subject, participants.ports(subject), task.round(), plan.slotMillis());
  }

  private ComparisonRun save(
      Participants participants, MeasuringPlan plan, ComparisonJournal journal) {
    ComparisonRun comparison =
        ComparisonResults.of(
            request, machine, journal, plan, participants.subjects(), participants.failures());
    ResultFile.write(request.json(), comparison);
    return comparison;
  }

  /** Our own servers end with their content; on other servers, the run removes its secrets. */
  private void clean(ParticipantAccess subject) throws IOException, InterruptedException {
    if (!subject.isNamed()) {
      return;
    }
    err.println("Taking secrets away: " + subject.name());
    WorkerProcesses.Found found =
        workers.run(new WorkerAssignment(Kind.CLEAN, subject, Map.of(), 0, 0), 60, isQuick());
    if (workers.isStopped()) {
      throw new InterruptedException("what this process took away is not all");
    }
    found
        .failed()
        .forEach(
            what ->
                err.println(
                    "  Cannot take away what begins with "
                        + subject.prefix()
                        + ", "
                        + what.in(Language.ENGLISH)));
  }

  /** The journal stays while a participant of it is missing: the samples are nowhere else. */
  private void end(ComparisonJournal journal, Participants participants) {
    Set<String> missing = new TreeSet<>(journal.names());
    participants.subjects().forEach(subject -> missing.remove(subject.name()));
    if (missing.isEmpty()) {
      journal.end();
    } else {
      err.println(
          "The earlier results of "
              + String.join(", ", missing)
              + " are kept. When they can start again, run the same command to resume.");
    }
  }

  private void tell(ResultText statement) {
    err.println(statement.in(Language.ENGLISH));
  }

  private boolean end(ComparisonRun result) {
    List<ResultText> failed =
        result.failures().stream().filter(each -> !each.isOmission()).toList();
    failed.forEach(this::tell);
    err.println(
        String.format(
            Locale.ROOT,
            "%d measurements of %d backends in %d:%02d; %d could not be made. The result: %s",
            result.measurements().size(),
            result.participants().size(),
            result.took().toMinutes(),
            result.took().toSecondsPart(),
            failed.size(),
            request.json()));
    return failed.isEmpty() && result.complete();
  }

  @Override
  public void close() {
    closed.countDown();
    workers.close();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      err.flush(); // the process ends already, and the hook has run
    }
  }
}
