package de.lifetimecircle.secrets.agent;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command {@code secrets agent} as a program of its own, with the arguments of the command. */
final class AgentMain {
  private AgentMain() {}

  /** Runs it. */
  public static void main(String... arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(new AgentProgram().run(out, err, arguments));
  }
}
