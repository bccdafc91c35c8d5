package de.lifetimecircle.secrets.bench.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartSuiteTest {
  private static final MeasuredProgram EMPTY = program("empty");
  private static final MeasuredProgram OURS = program("provider");

  private static MeasuredProgram program(String word) {
    return MeasuredProgram.java(System.getProperty("java.class.path"), StartProbe.class, word);
  }

  @Test
  void theMedianIsTheMiddleOne() throws Exception {
    Iterator<Double> numbers = List.of(9.0, 1.0, 2.0).iterator();
    assertThat(new MedianRuns(1, 3).of(List.of(EMPTY), program -> numbers.next()))
        .containsExactly(2.0);
  }

  @Test
  void theRoundThatWasDisturbedLeastCountsAndTheProgramsTakeTurns() throws Exception {
    Iterator<Double> numbers = List.of(40.0, 90.0, 41.0, 55.0, 40.0, 70.0).iterator();
    List<MeasuredProgram> order = new ArrayList<>();
    List<Double> medians =
        new MedianRuns(3, 1)
            .of(
                List.of(EMPTY, OURS),
                program -> {
                  order.add(program);
                  return numbers.next();
                });
    assertThat(medians).containsExactly(41.0, 55.0);
    assertThat(order).containsExactly(EMPTY, OURS, EMPTY, OURS, EMPTY, OURS);
  }

  @Test
  void theProbeReadsASecretAndPrintsNothing() throws Exception {
    assertThat(OURS.run("")).isEmpty();
    assertThat(EMPTY.millis()).isPositive();
  }

  @Test
  void aProgramThatFailsOrPrintsSomethingElseIsNotMeasured() {
    assertThatThrownBy(() -> MeasuredProgram.of(List.of("false")).millis())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 1");
    assertThatThrownBy(() -> MeasuredProgram.of(List.of("echo", "b")).printing("a\n").millis())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("something else");
  }

  @Test
  void aDependencyThatServicesWouldInheritIsNamed(@TempDir Path folder) throws Exception {
    String pom =
        "<project><dependencies>"
            + "<dependency><artifactId>jspecify</artifactId></dependency>"
            + "<dependency><artifactId>junit</artifactId><scope>test</scope></dependency>"
            + "%s</dependencies></project>";
    Path file = folder.resolve("pom.xml");
    Files.writeString(file, pom.replace("%s", ""));
    assertThat(JarDependencies.figure(file).holds()).isTrue();
    String guava = "<dependency><artifactId>guava</artifactId></dependency>";
    Files.writeString(file, pom.replace("%s", guava));
    BenchFigure figure = JarDependencies.figure(file);
    assertThat(figure.holds()).isFalse();
    assertThat(figure.note()).isEqualTo("guava");
  }

  @Test
  void theRecipeOfThePageRunsAsItIsPrinted(@TempDir Path folder) throws Exception {
    Path page = Path.of("..", "docs", "gpg-store.md");
    ServiceRecipe recipe = ServiceRecipe.of(page, folder, Map.of());
    String text = Files.readString(page);
    assertThat(text).contains("```sh\n" + recipe.unsigned() + "```");
    String probe = StartProbe.class.getName() + " open\n";
    assertThat(recipe.start().lines()).hasSize(2).allMatch(line -> line.endsWith(probe.strip()));
    assertThat(text).contains("```sh\n" + recipe.start().replace(probe, "Service\n") + "```");

    Path other = folder.resolve("page.md");
    Files.writeString(other, text.replace(recipe.unsigned(), "true\n```\n\n```sh\n"));
    assertThatThrownBy(() -> ServiceRecipe.of(other, folder, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other commands");
  }
}
