package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.FakeChannelFactory;
import de.lifetimecircle.secrets.cli.FakeChannelFactory.FakeChannel;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code notify}, and what the commands that write send through the channel by themselves. */
class AnnouncementsTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {deploy: ["true"], verify: ["true"], invalidate-sessions: ["true"]}
      secrets:
        KEY: {description: key, generator: hex 32}
        URL: {description: url, template: "https://{KEY}@host"}
        BACKUP: {description: url, template: "https://{KEY}@backup"}
      """;

  @TempDir private Path folder;
  private final FakeChannel channel = new FakeChannel();
  private String inventory = "";

  @BeforeEach
  void useChannel() throws IOException {
    inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY).toString();
    environment.put("SECRETS_PUSH", FakeChannelFactory.WORD);
    FakeChannelFactory.CHANNEL.set(channel);
    store
        .holding("prod/KEY", CANARY)
        .holding("prod/URL", "https://" + CANARY + "@host")
        .holding("prod/BACKUP", "https://" + CANARY + "@backup");
  }

  @AfterEach
  void forgetChannel() {
    FakeChannelFactory.CHANNEL.remove();
  }

  private String version(String name) {
    return store.secondClient().fetch(name).version();
  }

  private String current(String name) {
    return name + " " + version(name);
  }

  @Test
  void notifyAsksForTheVersionUnlessItIsGiven() {
    assertThat(succeed("notify", "prod/KEY"))
        .isEqualTo("Announced 'prod/KEY': version " + version("prod/KEY") + "\n");
    int reads = store.calls(FakeStore.Op.FETCH);
    assertThat(succeed("notify", "KEY", "--inventory", inventory, "--version", "v7", "--json"))
        .isEqualTo(printed("notify", "{\"name\":\"prod/KEY\",\"version\":\"v7\"}"));
    assertThat(store.calls(FakeStore.Op.FETCH)).isEqualTo(reads);
    assertThat(channel.sent).containsExactly(current("prod/KEY"), "prod/KEY v7");
  }

  @Test
  void notifyFailsIfNobodyCanHearIt() {
    channel.refuses = name -> true;
    assertThat(fail(ExitCode.UNAVAILABLE, "notify", "prod/KEY"))
        .contains("the channel does not answer");
    assertThat(fail(ExitCode.NOT_FOUND, "notify", "prod/MISSING")).contains("prod/MISSING");
    environment.put("SECRETS_PUSH", "none");
    assertThat(run("notify", "prod/KEY")).isNotZero();
    assertThat(terminal.errText()).contains("no channel is configured").contains("Set push to");
    assertThat(channel.sent).isEmpty();
  }

  @Test
  void everyCommandThatMakesAVersionCurrentAnnouncesIt() {
    assertThat(runWith(new FakeTerminal().input(utf8("another")), "put", "prod/KEY")).isZero();
    String put = current("prod/KEY");
    succeed("rotate", "prod/KEY", "--type", "hex");
    String rotated = current("prod/KEY");
    succeed("rollback", "prod/KEY");
    assertThat(channel.sent).containsExactly(put, rotated, put);
    channel.sent.clear();
    succeed("rotate", "KEY", "--inventory", inventory);
    assertThat(channel.sent)
        .containsExactlyInAnyOrder(
            current("prod/KEY"), current("prod/URL"), current("prod/BACKUP"));
  }

  @Test
  void anEmergencyAnnouncesAllNamesDespiteAFailureAndItsAdviceSendsTheRest() {
    AtomicBoolean once = new AtomicBoolean(true);
    channel.refuses = name -> once.getAndSet(false);
    assertThat(run("emergency", "KEY", "--yes", "--inventory", inventory)).isZero();
    assertThat(channel.sent).as(terminal.errText()).hasSize(2);
    sendsTheRest();
  }

  @Test
  void theAdviceNamesEveryNameThatADeadChannelMissed() {
    channel.refuses = name -> true;
    assertThat(run("rotate", "KEY", "--inventory", inventory, "--set", "retries=1")).isZero();
    assertThat(terminal.errText()).contains("--set retries=1");
    channel.refuses = name -> false;
    sendsTheRest();
  }

  /** Pastes the advice of the last command; afterwards every name has been announced. */
  private void sendsTheRest() {
    String advice = terminal.errText();
    assertThat(advice).hasLineCount(1).contains("the channel does not answer").endsWith("\n");
    String pasted = advice.substring(advice.indexOf("To tell them sooner: ") + 21).strip();
    for (String command : pasted.split(" && ", -1)) {
      List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
      assertThat(words.remove(0)).isEqualTo("secrets");
      succeed(words.toArray(new String[0]));
    }
    assertThat(channel.sent)
        .containsExactlyInAnyOrder(
            current("prod/KEY"), current("prod/URL"), current("prod/BACKUP"));
  }
}
