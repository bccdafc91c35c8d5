package de.lifetimecircle.secrets.aws.errors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Something answered "fine" that is not AWS: a portal, a proxy, a broken gateway. This class
 * notices it before the SDK reads the document, because the SDK's readers quote input that they do
 * not understand, and the one for XML prints to standard error.
 */
public final class UnexpectedResponse extends IOException {
  private static final long serialVersionUID = 1L;

  public UnexpectedResponse() {
    super("the answer is not one of AWS");
  }

  /**
   * Refuses an answer that is not of the form of the protocol.
   *
   * @param json whether Secrets Manager was asked, which speaks JSON; STS speaks XML
   * @throws UnexpectedResponse if it is not
   */
  public static void refuse(boolean json, byte[] body) throws UnexpectedResponse {
    boolean right = json ? isObject(body) : isOfSts(body);
    if (!right) {
      throw new UnexpectedResponse();
    }
  }

  private static boolean isObject(byte[] body) {
    int first = 0;
    while (first < body.length && body[first] <= ' ' && body[first] >= 0) {
      first++;
    }
    return first < body.length && body[first] == '{';
  }

  private static boolean isOfSts(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return text.stripLeading().startsWith("<")
        && (text.contains("</AccessKeyId>") || text.contains("</GetCallerIdentityResult>"));
  }
}
