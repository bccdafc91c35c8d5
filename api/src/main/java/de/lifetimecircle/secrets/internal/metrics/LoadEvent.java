package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import java.util.function.Consumer;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A load or a refresh as Java Flight Recorder keeps it. Holds no value. */
@Name("de.lifetimecircle.secrets.Load")
@Label("Secret Load")
@Category("Secrets")
@Description("A secret was asked for from its backend")
@StackTrace(false)
final class LoadEvent extends Event implements Consumer<@Nullable SecretException> {
  @Label("Name")
  final String name;

  @Label("Scheme")
  final String scheme;

  @Label("Purpose")
  @Description("READ when a reader waited, REFRESH when none did")
  final String purpose;

  @Label("Failure")
  @Description("The kind of the failure; nothing for a success")
  @Nullable String failure;

  /** Begins the time. */
  LoadEvent(String scheme, String name, Purpose purpose) {
    this.scheme = scheme;
    this.name = name;
    this.purpose = purpose.name();
    begin();
  }

  /** Ends the time, with null for a success, and keeps the event if it is wanted. */
  @Override
  public void accept(@Nullable SecretException error) {
    if (shouldCommit()) {
      failure = error == null ? null : error.kind().name();
      commit();
    }
  }
}
