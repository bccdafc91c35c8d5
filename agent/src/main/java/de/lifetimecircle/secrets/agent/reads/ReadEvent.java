package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.agent.rules.Caller;
import java.util.Optional;

/**
 * One answer or denial, as the audit log has it. Immutable.
 *
 * @param operation the requested operation: a read, a list of names, or one of versions
 * @param caller the other end
 * @param principal the user or the token whose rights counted
 * @param name the name as it was asked for; for a list the prefix
 * @param version the version that was given
 * @param outcome {@code ok}, or the kind of failure
 */
public record ReadEvent(
    String operation,
    Caller caller,
    String principal,
    String name,
    Optional<String> version,
    String outcome) {}
