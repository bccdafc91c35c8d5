package de.lifetimecircle.secrets.vault.transport;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Flow;

/**
 * The body of one request, which is overwritten once the request has its answer: the JDK's client
 * keeps the last request of an open connection, and this one may bear a value or the credentials of
 * a login. Sent from the bytes themselves, without a copy. Used by one request and its redirects.
 */
final class RequestBody implements BodyPublisher {
  private final byte[] bytes;

  /** Takes over the bytes. */
  RequestBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Nothing of it is left here, nor in what the client keeps of the request. */
  void overwrite() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new OnePart(subscriber));
  }

  /** Publishes the bytes as one part, as soon as one is asked for. */
  private final class OnePart implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private boolean done;

    OnePart(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (!done && count > 0) {
        done = true;
        subscriber.onNext(ByteBuffer.wrap(bytes));
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      done = true;
    }
  }
}
