package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.agent.http.AgentFailure;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.http.HttpRequest;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;

/**
 * A form in which clients ask: it reads requests, asks {@link AuthorizedReads}, and writes answers
 * and failures as its clients expect them. It decides nothing about rights. Safe for use by several
 * threads.
 */
public interface Dialect {
  /** Whether the request is of this form; the first dialect that says yes gets it. */
  boolean takes(HttpRequest request);

  /**
   * Answers a request.
   *
   * @throws AgentFailure if it cannot, for {@link #failure} to write
   * @throws de.lifetimecircle.secrets.SecretException likewise, as the provider says it
   */
  HttpAnswer answer(HttpRequest request, Caller caller);

  /** Writes a failure in this form. */
  HttpAnswer failure(AgentFailure failure);
}
