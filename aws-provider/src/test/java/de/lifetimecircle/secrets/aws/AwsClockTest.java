package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.config.ServiceClock;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A machine whose clock is off, against a server that refuses signatures of another time. */
class AwsClockTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Logger LOG = Logger.getLogger(ServiceClock.class.getName());
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler = new Noted();
  private volatile String code = "InvalidSignatureException";
  private volatile @Nullable String date = rfc(NOW);
  private volatile Duration skew = Duration.ZERO;
  private volatile @Nullable CyclicBarrier together;

  private final class Noted extends Handler {
    @Override
    public void publish(LogRecord entry) {
      logged.add(entry.getLevel() + " " + new SimpleFormatter().formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
    LOG.setLevel(Level.ALL);
    server.intercept(this::answer);
  }

  @AfterEach
  void close() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
    server.close();
  }

  private static String rfc(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  private Answer answer(Request request) {
    Instant signed = SIGNED.parse(request.headers().get("x-amz-date"), Instant::from);
    boolean refused = Duration.between(signed, NOW).abs().compareTo(Duration.ofMinutes(5)) > 0;
    boolean ofSts = AwsFaults.isLogin(request);
    answers.add((ofSts ? "STS " : "") + (refused ? "refused" : "served"));
    CyclicBarrier barrier = together;
    if (refused && barrier != null) {
      meet(barrier);
    }
    Answer answer =
        refused
            ? ofSts ? refusedBySts() : AwsFaults.error(400, code)
            : ofSts
                ? AwsFake.assumed("AssumeRole", "ROLEKEY000000000", "s", "role token")
                : AwsFake.value(AwsFake.FIRST, "held");
    String shown = date;
    return shown == null ? answer : answer.with("Date", shown);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the others did not come", e);
    }
  }

  private static Answer refusedBySts() {
    return Answer.of(
        403,
        "text/xml",
        "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>"
            + "<Message>Signature expired</Message></Error></ErrorResponse>");
  }

  private AwsStore open(Map<String, String> more) {
    Map<String, String> values = new java.util.HashMap<>(more);
    values.put("region", "eu-central-1");
    values.put("endpoint", server.uri().toString());
    values.put("access-key-id", "AKIAQ7ZJ2LR9XWT4BN8S");
    values.put("secret-access-key", "vJm2/Lr9XwT4bN8sKdqZ7vPq");
    return new AwsStore(
        Settings.of(
            new StoreConfig(
                values, name -> Optional.empty(), Duration.ofSeconds(5), () -> NOW.plus(skew))));
  }

  private static String read(AwsStore store) {
    try (SecretValue value = store.fetch(AwsFake.NAME).value()) {
      return value.asString();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "20, InvalidSignatureException, 20 min ahead of",
    "-20, InvalidSignatureException, 20 min behind",
    "6, RequestTimeTooSkewed, 6 min ahead of",
    "-10081, RequestExpired, 10081 min behind",
    "300, RequestInTheFuture, 300 min ahead of",
    "-29845440, InvalidSignatureException, 29845440 min behind", // a board without a battery
    "-45, SignatureDoesNotMatch, 45 min behind",
    "61, AuthFailure, 61 min ahead of"
  })
  void wrongClockIsCorrectedFromTheAnswerAndReportedOnce(int minutes, String refusal, String said) {
    skew = Duration.ofMinutes(minutes);
    code = refusal;
    try (AwsStore store = open(Map.of())) {
      assertThat(read(store)).isEqualTo("held");
      assertThat(read(store)).isEqualTo("held");
      assertThat(answers).containsExactly("refused", "served", "served");
      assertThat(logged)
          .containsExactly(
              "WARNING The clock of this machine is "
                  + said
                  + " the time of AWS. Requests to AWS are signed with its time now; set the clock,"
                  + " for example with NTP.");
    }
  }

  @Test
  void clockThatIsSetRightLaterIsFollowed() {
    skew = Duration.ofMinutes(20);
    try (AwsStore store = open(Map.of())) {
      assertThat(read(store)).isEqualTo("held");
      skew = Duration.ZERO;
      assertThat(read(store)).isEqualTo("held");
      assertThat(read(store)).isEqualTo("held");
      assertThat(answers).containsExactly("refused", "served", "refused", "served", "served");
      assertThat(logged).hasSize(1);
    }
  }

  @Test
  void roleIsAssumedWithTheTimeOfAws() {
    skew = Duration.ofMinutes(-20);
    Map<String, String> role =
        Map.of(
            "role-arn",
            "arn:aws:iam::123456789012:role/app",
            "sts-endpoint",
            server.uri().toString());
    try (AwsStore store = open(role)) {
      assertThat(read(store)).isEqualTo("held");
      assertThat(answers).containsExactly("STS refused", "STS served", "served");
      assertThat(logged).hasSize(1);
    }
  }

  @Test
  void refusalsOfReadersAtOnceAreAllRepeated() throws Exception {
    int readers = 8;
    skew = Duration.ofMinutes(20);
    together = new CyclicBarrier(readers);
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try (AwsStore store = open(Map.of())) {
      List<Future<String>> reads = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        reads.add(threads.submit(() -> read(store)));
      }
      for (Future<String> each : reads) {
        assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo("held");
      }
      assertThat(answers).hasSize(2 * readers);
      assertThat(logged).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  /** A wrong key is refused with the same code; only the time tells the two apart. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"0, 2026-11-30T12:00:00Z", "20, none", "20, 2026-11-30T12:21:00Z", "20, not a time"})
  void refusalThatIsNotOfTheClockIsNotRepeated(int minutes, @Nullable String there) {
    AtomicInteger asked = new AtomicInteger();
    String shown = there != null && there.endsWith("Z") ? rfc(Instant.parse(there)) : there;
    server.intercept(
        request -> {
          asked.incrementAndGet();
          Answer refusal = AwsFaults.error(400, "InvalidSignatureException");
          return shown == null ? refusal : refusal.with("Date", shown);
        });
    skew = Duration.ofMinutes(minutes);
    try (AwsStore store = open(Map.of())) {
      SecretException failure = catchThrowableOfType(SecretException.class, () -> read(store));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    }
    assertThat(asked).hasValue(1);
    assertThat(logged).isEmpty();
  }

  @Test
  void signatureThatIsRefusedAgainFailsAfterTheSecondTry() {
    AtomicInteger asked = new AtomicInteger();
    server.intercept(
        request -> {
          asked.incrementAndGet();
          return AwsFaults.error(400, "InvalidSignatureException").with("Date", rfc(NOW));
        });
    skew = Duration.ofMinutes(20);
    try (AwsStore store = open(Map.of())) {
      SecretException failure = catchThrowableOfType(SecretException.class, () -> read(store));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    }
    assertThat(asked).hasValue(2);
  }
}
