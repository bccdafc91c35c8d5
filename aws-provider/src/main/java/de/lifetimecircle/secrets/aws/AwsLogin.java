package de.lifetimecircle.secrets.aws;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
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
  private final @Nullable Supplier<Chosen> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Generation current;

  /**
   * What hands out credentials.
   *
   * @param words tells where they come from, for people
   */
  record Chosen(AwsCredentialsProvider provider, Supplier<String> words) {}

  /** One provider with its number. */
  private record Generation(int number, Chosen chosen) {}

  private AwsLogin(Chosen first, @Nullable Supplier<Chosen> maker) {
    this.current = new Generation(0, first);
    this.maker = maker;
  }

  /** Credentials that nobody can renew. */
  static AwsLogin fixed(Chosen chosen) {
    return new AwsLogin(chosen, null);
  }

  /** Credentials that can be asked for again. */
  static AwsLogin renewable(Supplier<Chosen> maker) {
    return new AwsLogin(maker.get(), maker);
  }

  /**
   * The credentials.
   *
   * @throws AwsLoginFailure why there are none
   */
  @Override
  public AwsCredentials resolveCredentials() {
    return current.chosen().provider().resolveCredentials();
  }

  /** Where the credentials come from, for people. */
  String words() {
    return current.chosen().words().get();
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
        close(old.chosen().provider());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void close(AwsCredentialsProvider provider) {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public void close() {
    close(current.chosen().provider());
  }
}
