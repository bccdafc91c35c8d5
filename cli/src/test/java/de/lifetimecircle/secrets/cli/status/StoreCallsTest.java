package de.lifetimecircle.secrets.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command asks the store for each fact once, however many parts of its result need it. */
class StoreCallsTest extends CommandTest {
  private static final int SECRETS = 20;

  @TempDir Path folder;

  @BeforeEach
  void deliverTheServiceWithTwentySecrets() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            version: 1
            service: shop
            owner: security
            environments: {prod: {prefix: prod/}}
            secrets:
            """);
    for (int i = 0; i < SECRETS; i++) {
      text.append("  KEY_" + i + ":\n")
          .append("    {description: signs, generator: hex 32, rotation: {every: 3 months}}\n");
    }
    Files.writeString(folder.resolve("secrets.yaml"), text);
    Path docs = Files.createDirectories(folder.resolve("docs"));
    Files.writeString(docs.resolve("SECRETS_PROD_DECISION.md"), "x");
    Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
    Files.writeString(workflows.resolve("deploy-prod.yml"), "x");
    IntStream.range(0, SECRETS)
        .forEach(
            i -> store.holding("prod/KEY_" + i, String.format(Locale.ROOT, "%02x", i).repeat(32)));
    operate("runbook");
    operate("handover --to devops --delivered-by anna");
    operate("handover --to sre --delivered-by anna");
  }

  private void operate(String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ", -1)));
    args.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    int code = run(args.toArray(new String[0]));
    assertThat(code).as(terminal.errText()).isIn(0, 9);
  }

  private Map<Op, Integer> calls(String line) {
    Map<Op, Integer> before = calls();
    operate(line);
    Map<Op, Integer> made = calls();
    before.forEach((op, count) -> made.merge(op, -count, Integer::sum));
    made.values().removeIf(count -> count == 0);
    return made;
  }

  private Map<Op, Integer> calls() {
    FakeStore counted = store;
    Map<Op, Integer> calls = new EnumMap<>(Op.class);
    for (Op op : Op.values()) {
      calls.put(op, counted.calls(op));
    }
    return calls;
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "status --html", "status --fix", "check"})
  void aCheckAsksForEachFactOnce(String line) {
    assertThat(calls(line))
        .isEqualTo(
            Map.of(
                Op.FETCH,
                SECRETS,
                Op.DESCRIBE,
                SECRETS,
                Op.VERSIONS,
                SECRETS,
                Op.LIST,
                1,
                Op.CHECK,
                1));
  }

  /** Descriptions are for the runbook; of the store's place, which this inventory does not name. */
  @Test
  void aCheckWithoutARunbookDescribesNoSecret() throws IOException {
    Files.delete(folder.resolve("docs/SECRETS_PROD_RUNBOOK.md"));
    assertThat(calls("check"))
        .isEqualTo(Map.of(Op.FETCH, SECRETS, Op.VERSIONS, SECRETS, Op.LIST, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "handover --to devops",
        "handover --to sre",
        "handover --to sre --delivered-by anna",
        "runbook --out -"
      })
  void aDocumentAsksForEachFactOnceAndReadsNoValue(String line) {
    assertThat(calls(line))
        .isEqualTo(Map.of(Op.DESCRIBE, SECRETS, Op.VERSIONS, SECRETS, Op.CHECK, 1));
  }

  @Test
  void aFolderAsksForEachFactOnceToo() {
    assertThat(calls("handover --to sre --delivered-by anna --out " + folder.resolve("sre")))
        .isEqualTo(Map.of(Op.DESCRIBE, SECRETS, Op.VERSIONS, SECRETS, Op.CHECK, 1));
  }
}
