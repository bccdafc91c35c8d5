package de.lifetimecircle.secrets.agent;

import com.google.auto.service.AutoService;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The command {@code secrets agent}, which the program finds by {@code ServiceLoader}. Runs until
 * the process gets a signal to end. A failure of the provider or of the configuration is thrown:
 * the program knows the exit code of each kind.
 */
@AutoService(ToolProvider.class)
public final class AgentProgram implements ToolProvider {
  /** For {@link java.util.ServiceLoader}. */
  public AgentProgram() {}

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... args) {
    List<String> asked = List.of(args);
    if (asked.contains("--help") || asked.contains("-h")) {
      out.println(AgentOptions.usage());
      return 0;
    }
    if (asked.size() == 2 && asked.get(0).equals(AgentWarmUp.WORD)) {
      return AgentWarmUp.run(Path.of(asked.get(1)));
    }
    try {
      return new AgentRun(out, err).run(AgentOptions.of(asked, System.getenv()));
    } catch (InvalidPathException e) { // whose text repeats the path
      err.println("secrets: Cannot start the agent: the name of a file is not a valid path.");
      return 2;
    } catch (IllegalArgumentException e) {
      err.println("secrets: " + e.getMessage());
      return 2;
    }
  }
}
