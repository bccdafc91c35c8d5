package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.files.FilesList;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.wiring.SignalForwarding;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of the command, from its options to its end. */
record AgentRun(PrintWriter out, PrintWriter err) {
  /** How often the agent checks the files of the rules for changes. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int TOKEN_BYTES = 32;

  /** Does what the options ask for, and returns the exit code. */
  int run(AgentOptions options) {
    return switch (options.task()) {
      case TOKEN -> token(options.tokenName());
      case CHECK -> check(options);
      case SERVE -> serve(options);
    };
  }

  private int token(String name) {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    out.println(token);
    err.println("token " + name + " sha256:" + AccessRules.digest(token) + " NAME_OR_PREFIX*");
    return 0;
  }

  private int check(AgentOptions options) {
    CurrentRules rules = CurrentRules.of(options.rules(), prefix());
    int files = options.files().map(list -> FilesList.read(list).size()).orElse(0);
    try (SecretProvider provider = SecretProvider.open()) {
      out.println(
          "The agent can start: "
              + rules.get().size()
              + " users and tokens, "
              + files
              + " files, "
              + provider.settings().size()
              + " settings.");
    }
    return 0;
  }

  private static NamePrefix prefix() {
    return SecretProvider.builder().setting("prefix").map(NamePrefix::of).orElse(NamePrefix.NONE);
  }

  private int serve(AgentOptions options) {
    CurrentRules rules = CurrentRules.of(options.rules(), prefix());
    // Before the start, which may wait: the signal would end the JVM. Where it cannot be passed on,
    // the agent still looks at the files of the rules.
    boolean unused = SignalForwarding.pass("HUP", name -> rules.reload());
    SecretProvider provider = SecretProvider.open();
    SecretsAgent agent = new SecretsAgent(options, provider, rules, ReadLog.of(provider));
    CountDownLatch end = new CountDownLatch(1);
    try (agent) {
      agent.start();
      Thread ender = new Thread(() -> end(agent, end), "agent-end");
      Runtime.getRuntime().addShutdownHook(ender);
      err.println("secrets agent: serves on " + agent.places());
      while (!await(end)) {
        agent.tick();
      }
    }
    return 0;
  }

  /** The JVM ends when its hooks have; this one lets running answers be written. */
  private static void end(SecretsAgent agent, CountDownLatch end) {
    agent.close();
    end.countDown();
  }

  private static boolean await(CountDownLatch end) {
    try {
      return end.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
