package de.lifetimecircle.secrets.agent.http;

/** A request that is not of the form that the agent reads; its connection is closed. */
final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  RequestRefused(int status, String why) {
    super("Cannot read the request: " + why + ".");
    this.status = status;
  }

  int status() {
    return status;
  }

  HttpAnswer answer() {
    HttpAnswer answer = HttpAnswer.text(status, getMessage() + "\n");
    return status == 503 ? answer.with("Retry-After", "1") : answer;
  }
}
