package de.lifetimecircle.secrets.aws;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The credentials that are in use, and the way to get new ones when AWS says that they died before
 * their time: the SDK's providers trust the time that they were told and have no way to forget.
 *
 * <p>Safe for use by several threads. States: numbered generations, each with a provider of its
 * own; closed. The lock guards the change of a generation and is held over no I/O: making a
 * provider asks nobody.
 */
final class AwsLogin implements AwsCredentialsProvider, SdkAutoCloseable {
  private final @Nullable Supplier<AwsCredentialsProvider> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Generation current;

  /** One provider with its number. */
  private record Generation(int number, AwsCredentialsProvider provider) {}

  private AwsLogin(AwsCredentialsProvider first, @Nullable Supplier<AwsCredentialsProvider> maker) {
    this.current = new Generation(0, first);
    this.maker = maker;
  }

  /** Credentials that nobody can renew. */
  static AwsLogin fixed(AwsCredentialsProvider provider) {
    return new AwsLogin(provider, null);
  }

  /** Credentials that can be asked for again. */
  static AwsLogin renewable(Supplier<AwsCredentialsProvider> maker) {
    return new AwsLogin(maker.get(), maker);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentialsProvider provider = current.provider();
    try {
      return provider.resolveCredentials();
    } catch (SdkServiceException e) {
      throw e;
    } catch (SdkClientException e) {
      // What the network did is told as such; all else means that nobody had any.
      throw isOfTheNetwork(e) ? e : new AwsNoCredentials();
    } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
      // A file of the login is not there or makes no sense; its text may be in the message.
      throw new AwsNoCredentials();
    }
  }

  /** The number of the credentials in use, to be handed to {@link #renew}. */
  int generation() {
    return current.number();
  }

  /**
   * Forgets the credentials, once for all who were refused with them.
   *
   * @param refused the generation that was refused
   * @return whether another try makes sense
   */
  boolean renew(int refused) {
    if (maker == null) {
      return false;
    }
    lock.lock();
    try {
      Generation old = current;
      if (old.number() == refused) {
        current = new Generation(refused + 1, maker.get());
        close(old.provider());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOfTheNetwork(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ApiCallTimeoutException
          || t instanceof AbortedException
          || t instanceof AwsForeignAnswer
          || t instanceof SSLException
          || t instanceof SocketException
          || t instanceof UnknownHostException
          || t instanceof InterruptedIOException) {
        return true;
      }
    }
    return false;
  }

  private static void close(AwsCredentialsProvider provider) {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public void close() {
    close(current.provider());
  }
}
