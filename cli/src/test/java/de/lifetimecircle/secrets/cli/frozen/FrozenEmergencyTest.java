package de.lifetimecircle.secrets.cli.frozen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.emergency.Emergency;
import de.lifetimecircle.secrets.operations.emergency.EmergencyDrill;
import de.lifetimecircle.secrets.operations.emergency.EmergencyListener;
import de.lifetimecircle.secrets.operations.emergency.EmergencyReport;
import de.lifetimecircle.secrets.operations.emergency.EmergencySettings;
import de.lifetimecircle.secrets.operations.emergency.EmergencyStep;
import de.lifetimecircle.secrets.operations.emergency.EmergencyStopped;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What emergencies and drills write: plans, post-mortems, open risks, the notice of an open one and
 * its journal. The texts do not depend on the backend: those of a backend with stages and of one
 * without are compared with the same file.
 */
public class FrozenEmergencyTest {
  @TempDir(factory = FolderInMemory.class)
  Path folder;

  private FrozenTexts texts(String name, Language language) {
    return new FrozenTexts(name + "-" + language.code()).placeholder("" + folder, "@folder@");
  }

  private FrozenService service(String backend, String name, String inventory) {
    FrozenService service = new FrozenService(folder.resolve(name), backend);
    service.inventory(inventory).hooks().fill().now = FrozenService.NOW;
    return service;
  }

  /** A drill has a scratch store of its own, so one is enough for each language. */
  @ParameterizedTest
  @EnumSource
  void drill(Language language) {
    FrozenTexts texts = texts("drill", language);
    FrozenService service = service("aws", "drill", FrozenService.example());
    try (EmergencyDrill scratch = EmergencyDrill.open(service.site(), "DB_ADMIN_PW")) {
      EmergencySettings drill = Emergency.of(service.site(), "DB_ADMIN_PW", scratch.writer());
      run(texts, "drill", service, drill.drill(scratch), language);
    }
    texts.check();
  }

  @ParameterizedTest
  @CsvSource({"aws, ENGLISH", "azure, ENGLISH", "aws, GERMAN", "azure, GERMAN"})
  void emergencies(String backend, Language language) {
    FrozenTexts texts = texts("emergency", language);
    String example = FrozenService.example();
    onStore(texts, "done", service(backend, "done", example), language);
    String practice = example.replace("prefix: prod/", "prefix: prod/\n    drills: live");
    onStore(texts, "live", service(backend, "live", practice), language);
    String bare = example.replaceAll("(?m)^( *)hooks:\\R(?:\\1 +.*\\R)+", "");
    FrozenService unhooked = service(backend, "open", bare);
    onStore(texts, "open", unhooked, language);
    onStore(texts, "by-hand", unhooked.fill("b"), language);
    stopped(texts, service(backend, "stopped", example), language);
    texts.check();
  }

  private void onStore(FrozenTexts texts, String way, FrozenService service, Language language) {
    try (SecretWriter writer = service.writer()) {
      InventoryLocation site = service.site();
      EmergencySettings builder =
          switch (way) {
            case "done" ->
                Emergency.of(site, "LTC_SECRET_KEY", writer).knownFor(Duration.ofMinutes(40));
            case "live" -> Emergency.of(site, "ADMIN_API_TOKEN", writer).liveDrill();
            case "open" -> Emergency.of(site, "DB_ADMIN_PW", writer);
            default -> Emergency.of(site, "DB_ADMIN_PW", writer).byHand("psql refused the old one");
          };
      run(texts, way, service, builder, language);
    }
    journals(texts, way, service);
  }

  /** Leaves a journal and the next plan, which resumes it. */
  private void stopped(FrozenTexts texts, FrozenService service, Language language) {
    service.write("tools/verify.sh", "echo 'not healthy'; exit 4\n");
    try (SecretWriter writer = service.writer()) {
      EmergencySettings real = Emergency.of(service.site(), "LTC_SECRET_KEY", writer);
      try {
        run(texts, "stopped", service, real, language);
        throw new AssertionError("verify failed, and the emergency went on");
      } catch (EmergencyStopped e) {
        texts.add("stopped: message", e.getMessage() + "\n");
      }
      EmergencySettings again = Emergency.of(service.site(), "LTC_SECRET_KEY", writer);
      Emergency next = built(texts, "stopped: the next plan", service, again, language);
      assertThatThrownBy(next::run).isInstanceOf(AnsweredNo.class);
    }
    texts.addTree("stopped", service.site().path(InventoryLocation.ProjectFile.POST_MORTEMS));
    journals(texts, "stopped", service);
    OpenEmergency open = OpenEmergency.in(service.site(), language).get(0);
    texts.add(
        "stopped: notice",
        String.join("\n", List.of(open.name(), open.title(), open.detail(), open.command(), "")));
  }

  /** Those of the emergency; {@link FrozenRecordsTest} has those of rotations. */
  private static void journals(FrozenTexts texts, String way, FrozenService service) {
    try (Stream<Path> files = Files.list(service.folder.resolve(Rotations.FOLDER))) {
      files
          .filter(file -> ("" + file.getFileName()).startsWith("emergency-"))
          .forEach(file -> texts.add(way + "/" + file.getFileName(), service.read(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(
      FrozenTexts texts,
      String way,
      FrozenService service,
      EmergencySettings builder,
      Language language) {
    EmergencyReport report = built(texts, way + ": plan", service, builder, language).run();
    StringBuilder open = new StringBuilder(report.outcome().word() + "\n");
    report
        .open()
        .forEach(
            risk -> {
              open.append(risk.summary()).append('\n');
              risk.byHand().forEach(step -> open.append("  - ").append(step).append('\n'));
            });
    texts.add(way + ": still open", open.toString());
    texts.add(way + "/" + report.postMortem().getFileName(), service.read(report.postMortem()));
  }

  /** The answer of a person who only looks at the plan. */
  private static final class AnsweredNo extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Adds its plan with the question after it, and says yes unless this is the next one. Each step
   * takes ten seconds, however often the program looks at the clock.
   */
  private static Emergency built(
      FrozenTexts texts,
      String name,
      FrozenService service,
      EmergencySettings builder,
      Language language) {
    EmergencySettings settings = builder.who("Anna").clock(() -> service.now).language(language);
    List<String> plan = settings.build().plan();
    return settings
        .listener(
            new EmergencyListener() {
              @Override
              public void asks(String question) {
                texts.add(name, String.join("\n", plan) + "\n" + question + "\n");
                if (name.endsWith("the next plan")) {
                  throw new AnsweredNo();
                }
              }

              @Override
              public void begins(EmergencyStep step, Duration elapsed) {
                service.now = service.now.plusSeconds(10);
              }
            })
        .build();
  }
}
