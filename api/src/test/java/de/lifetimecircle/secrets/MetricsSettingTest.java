package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretFigure;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics by a word in the configuration, and several at a time. */
class MetricsSettingTest {
  @TempDir Path folder;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void loader() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private void onClassPath(Class<?>... factories) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(SecretMetricsFactory.class.getName()),
        Arrays.stream(factories).map(Class::getName).toList());
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {folder.toUri().toURL()}, before));
  }

  private static SecretProviderBuilder builder(String metrics) {
    return SecretProvider.builder()
        .environment(Map.of())
        .store(new NoStore())
        .set("metrics", metrics);
  }

  private static List<String> problems(SecretProviderBuilder builder) {
    return assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> builder.build().close())
        .actual()
        .problems();
  }

  private static int beans() throws Exception {
    ObjectName all = new ObjectName("de.lifetimecircle.secrets:type=SecretProvider,*");
    return ManagementFactory.getPlatformMBeanServer().queryNames(all, null).size();
  }

  @Test
  void severalAreToldBesideThoseSetInCode() throws Exception {
    onClassPath(CountingMetrics.class);
    AtomicInteger inCode = new AtomicInteger();
    SecretMetrics own =
        new SecretMetrics() {
          @Override
          public void opened(Supplier<SecretStats> stats) {
            inCode.incrementAndGet();
          }
        };
    int opened = CountingMetrics.OPENED.get();
    int beans = beans();
    try (SecretProvider unused =
        builder("counting, jmx").set("counting.names", "A").metrics(own).metrics(own).build()) {
      assertThat(CountingMetrics.OPENED).hasValue(opened + 1);
      assertThat(beans()).isEqualTo(beans + 1);
      assertThat(inCode).hasValue(2);
    }
  }

  /** Consoles and agents of users name them: a change breaks these. */
  @Test
  void theAttributesOfJmxStay() throws Exception {
    ObjectName all = new ObjectName("de.lifetimecircle.secrets:type=SecretProvider,*");
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> before = server.queryNames(all, null);
    try (SecretProvider unused = builder("jmx").set("max-stale", "36h").build()) {
      Set<ObjectName> opened = new HashSet<>(server.queryNames(all, null));
      opened.removeAll(before);
      ObjectName bean = opened.iterator().next();
      Map<String, String> attributes = new TreeMap<>();
      for (MBeanAttributeInfo each : server.getMBeanInfo(bean).getAttributes()) {
        attributes.put(each.getName(), each.getType());
      }
      assertThat(attributes.toString())
          .isEqualTo(
              "{BackendCalls=long, Bytes=long, EstimatedCost=double, Evicted=long,"
                  + " Failures=javax.management.openmbean.TabularData, ForeignFailures=long,"
                  + " Loads=long, MaxStaleSeconds=long, Names=int, OldestAgeSeconds=long,"
                  + " OldestStaleSeconds=long, OldestVersionSeconds=long,"
                  + " Reads=javax.management.openmbean.TabularData, Refreshes=long,"
                  + " Rotations=long, Stale=int}");
      assertThat(server.getAttribute(bean, "MaxStaleSeconds")).isEqualTo(129_600L);
    }
  }

  @Test
  void theListShowsEachFigureOfTheStatistics() {
    SecretStats stats =
        new SecretStats(
            Map.of(Secret.Origin.BACKEND, 1L),
            2,
            3,
            Map.of(SecretException.Kind.NOT_FOUND, 4L, SecretException.Kind.UNAVAILABLE, 5L),
            6,
            7.5,
            8,
            19,
            Optional.of(Duration.ofMillis(10_500)),
            11,
            Optional.of(Duration.ofSeconds(12)),
            Duration.ofSeconds(13),
            Optional.empty(),
            15,
            16,
            17);
    assertThat(Arrays.stream(SecretFigure.values()).map(each -> each.of(stats)))
        .containsExactly(8, 19L, 11, 10.5, 12.0, 13.0, 0.0, 6L, 7.5, 15L, 16L, 17L, 9L);
  }

  @Test
  void aWrongWordIsToldWithTheArtifactOrTheNearestWord() throws IOException {
    assertThat(problems(builder("micrometer")))
        .containsExactly(
            "metrics: micrometer (nothing on the class path for it; add"
                + " de.lifetimecircle.secrets:secrets-micrometer)");
    assertThat(problems(builder("jmx,lgo")))
        .singleElement()
        .asString()
        .startsWith("metrics: lgo (expected: one or more of [")
        .contains("did you mean 'log'?");
    assertThat(problems(builder("none,jmx")))
        .containsExactly("metrics: none,jmx (expected: none alone, or others without it)");
    onClassPath(CountingMetrics.class);
    assertThat(problems(builder("counting").set("counting.names", "wrong").set("retries", "x")))
        .contains("counting.names: wrong (expected: right)")
        .hasSize(2);
    assertThat(problems(builder("none").set("counting.nmes", "A")))
        .singleElement()
        .asString()
        .contains("did you mean 'counting.names'?");
    onClassPath(CountingMetrics.class, CountingMetrics.SameWord.class);
    assertThat(problems(builder("counting")))
        .singleElement()
        .asString()
        .startsWith("class path: two metrics for 'counting'");
    builder("none").build().close(); // chooses neither
  }

  @Test
  void aWrongWordForAStoreOrAChannelIsToldAlike() {
    assertThat(problems(SecretProvider.builder().environment(Map.of()).set("backend", "aws")))
        .containsExactly(
            "backend: aws (no provider for it on the class path; add"
                + " de.lifetimecircle.secrets:secrets-aws-provider)");
    assertThat(problems(SecretProvider.builder().environment(Map.of()).set("backend", "valt")))
        .containsExactly(
            "backend: valt (expected: one of [aws, azure, gpg, vault]; did you mean 'vault'?)");
    assertThat(problems(builder("none").set("push", "redis")))
        .containsExactly(
            "push: redis (nothing on the class path for it; add"
                + " de.lifetimecircle.secrets:secrets-push-redis)");
    assertThat(problems(builder("micrometr").set("push", "rediss")))
        .containsExactly(
            "metrics: micrometr (expected: one or more of [jmx, log, micrometer, none,"
                + " opentelemetry]; did you mean 'micrometer'?)",
            "push: rediss (expected: one of [none, postgresql, redis]; did you mean 'redis'?)");
  }

  @Test
  void settingsOfMetricsThatAreAbsentStayInTheFile() {
    try (SecretProvider provider = builder("none").set("micrometer.names", "A").build()) {
      assertThat(provider.settings())
          .contains(new Setting("micrometer.names", "redacted", "builder"));
    }
  }

  @Test
  void everyKeyThatCanBeSetIsListed() throws IOException {
    onClassPath(CountingMetrics.class);
    assertThat(SecretProviderBuilder.keys())
        .contains(ConfigKey.of("counting.names", "Which names.").withStandard("none"))
        .extracting(ConfigKey::name)
        .startsWith("backend", "prefix", "soft-age");
  }
}
