package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of states in docs/cache.md names methods that exist, and states that can be left. */
class CachePageTest {
  /** The cells of a row: from, when, to, method. */
  private static List<List<String>> rows() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/cache.md"));
    int head = lines.indexOf("| from | when | to | in the code |");
    return lines.subList(head + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("| "))
        .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
        .toList();
  }

  @Test
  void everyMethodExists() throws Exception {
    assertThat(rows()).hasSizeGreaterThan(20).allSatisfy(row -> assertThat(row).hasSize(4));
    for (List<String> row : rows()) {
      String[] method = row.get(3).replace("`", "").split("\\.", -1);
      Class<?> type = Class.forName(getClass().getPackageName() + "." + method[0]);
      assertThat(Arrays.stream(type.getDeclaredMethods()).map(Method::getName))
          .as("the method of: %s", row)
          .contains(method[1]);
    }
  }

  @Test
  void everyStateIsEnteredAndLeft() throws Exception {
    Set<String> left = new TreeSet<>();
    Set<String> entered = new TreeSet<>();
    for (List<String> row : rows()) {
      left.addAll(List.of(row.get(0).split("[,;] ", -1)));
      entered.addAll(List.of(row.get(2).split("[,;] ", -1)));
    }
    left.remove("any");
    entered.remove("as before");
    assertThat(left).hasSize(9).isEqualTo(entered);
  }
}
