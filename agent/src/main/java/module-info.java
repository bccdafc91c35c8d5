/** The command {@code secrets agent}: a local server that gives any program the library's cache. */
@SuppressWarnings("requires-automatic") // an annotation for the compiler, absent at run time
module de.lifetimecircle.secrets.agent {
  requires de.lifetimecircle.secrets;
  requires de.lifetimecircle.secrets.operations;
  requires jdk.net;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;

  uses de.lifetimecircle.secrets.spi.SecretAudit;

  provides java.util.spi.ToolProvider with
      de.lifetimecircle.secrets.agent.AgentProgram;
}
