package de.lifetimecircle.secrets.agent.rules;

import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import java.util.Optional;

/**
 * Who asks: the user as the operating system knows him, or the token that the request has.
 * Immutable, but for the room.
 *
 * @param socket the other end of the connection
 * @param token the token of the request; empty if it has none
 * @param client the client's name for itself, unchecked
 * @param room for the bytes of the answer
 */
public record Caller(
    PeerSocket socket, Optional<GivenToken> token, String client, BytesUnderWay.Held room) {
  /** A token as a request has it; never shown. */
  public record GivenToken(String text) {
    @Override
    public String toString() {
      return "GivenToken[redacted]";
    }
  }

  public Optional<String> user() {
    return socket.user();
  }
}
