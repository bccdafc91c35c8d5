package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent over Vault that obeys the lines of its input: {@code refresh}, {@code dump} and {@code
 * close}. Its arguments are the address, a folder, the file of rules, and a text that the program
 * holds.
 */
final class AgentHeapProgram {
  private static final String CLIENT = "jdk.internal.net.http.HttpClientImpl";

  /** What a search must find. */
  private static byte[] planted = {};

  private AgentHeapProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    // Not as the argument's text has it, so that only this one is found.
    planted = new StringBuilder(arguments[3]).reverse().toString().getBytes(StandardCharsets.UTF_8);
    SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .backend("vault")
            .set("vault.address", arguments[0])
            .set("vault.token", "t")
            .set("vault.mount", "secret")
            .set("vault.kv-version", "2")
            .set("timeout", "20s")
            .build();
    SecretsAgent agent = agent(provider, folder, Path.of(arguments[2]));
    agent.start();
    System.out.println(
        "serves "
            + agent.addresses().get(0).getPort()
            + " "
            + agent.vaultAddresses().get(0).getPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      obey(line, provider, agent, folder);
      System.out.println("done " + line);
    }
  }

  private static void obey(String line, SecretProvider provider, SecretsAgent agent, Path folder)
      throws Exception {
    switch (line) {
      case "refresh" -> {
        refresh(provider);
        System.gc(); // nobody can read the first any more: the next load overwrites it
        LockSupport.parkNanos(2_000_000_000L); // the collector tells of it a moment later
        refresh(provider);
      }
      case "dump" -> HeapDump.write(folder.resolve("open.hprof"));
      default -> {
        agent.close();
        for (int i = 0; i < 40 && HeapDump.holds(CLIENT); i++) {
          LockSupport.parkNanos(250_000_000);
        }
        HeapDump.write(folder.resolve("closed.hprof"));
        System.out.println("planted " + planted.length);
      }
    }
  }

  private static void refresh(SecretProvider provider) {
    for (String name : List.of("NAME", "OBJECT")) {
      int unused = provider.refresh(name).value().size();
    }
  }

  private static SecretsAgent agent(SecretProvider provider, Path folder, Path rules) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    AgentOptions options =
        new AgentOptions(
            Optional.of(folder.resolve("agent.sock")),
            List.of(any),
            List.of(any),
            Optional.empty(),
            Optional.of(rules),
            Set.of(),
            ServerLimits.STANDARD,
            AgentOptions.Task.SERVE,
            "");
    return new SecretsAgent(
        options,
        provider,
        CurrentRules.of(Optional.of(rules), NamePrefix.NONE),
        ReadLog.of(provider));
  }
}
