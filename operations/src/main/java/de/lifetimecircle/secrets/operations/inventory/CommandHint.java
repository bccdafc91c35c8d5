package de.lifetimecircle.secrets.operations.inventory;

/**
 * Completes a command that a message names. The domain knows the command, such as {@code secrets
 * rotate resume KEY}; only the command line knows the options of its run that lead to the same
 * store, such as {@code --backend aws}.
 */
@FunctionalInterface
public interface CommandHint {
  /** Adds nothing. For documents, and for programs that use the domain without a command line. */
  CommandHint BARE = command -> command;

  /**
   * Returns the command as a person pastes it.
   *
   * @param command the program, the command and its arguments, quoted for a shell
   */
  String complete(String command);
}
