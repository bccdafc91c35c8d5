package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An agent with the memory of the command and values of 1 MiB, as a program of its own. Its
 * arguments are a folder and a file of rules. It prints its port, and ends with its input.
 */
public final class SmallHeapAgent {
  public static final int SIZE = 1 << 20;

  private SmallHeapAgent() {}

  /** Runs it. */
  public static void main(String... arguments) throws Exception {
    FakeStore store = FakeStore.create().maxBytes(SIZE);
    for (int i = 0; i < 4; i++) {
      store.holding("BIG" + i, "x".repeat(SIZE));
    }
    try (RunningAgent agent =
        RunningAgent.start(
            Path.of(arguments[0]),
            Files.readString(Path.of(arguments[1])),
            store,
            RunningAgent.Adjustments.NONE.limits(ServerLimits.STANDARD))) {
      System.out.println("port " + agent.port());
      long unused = System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** Starts it as the launcher does, with the memory of the command. */
  public static ProcessBuilder program(Path folder, Path rules, String... flags) {
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.util.List.of("-Xmx48m", "-Xmn4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(java.util.List.of(flags));
    command.addAll(java.util.List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        java.util.List.of(SmallHeapAgent.class.getName(), folder.toString(), rules.toString()));
    return new ProcessBuilder(command);
  }
}
