package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The credentials in use, and the way to get new ones when AWS says that they ended early: the
 * SDK's providers trust the expiry time that they received and cannot discard credentials.
 *
 * <p>Safe for use by several threads. States: numbered generations, each with a provider of its
 * own; closed. The lock guards the change of a generation and is never held during I/O: creating a
 * provider sends no request.
 */
public final class RenewableLogin implements AwsCredentialsProvider, SdkAutoCloseable {
  private final @Nullable Supplier<Chosen> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Generation current;

  /**
   * A provider of credentials.
   *
   * @param words says where they come from, for people
   */
  public record Chosen(AwsCredentialsProvider provider, Supplier<String> words) {}

  /** One provider with its number. */
  private record Generation(int number, Chosen chosen) {}

  private RenewableLogin(Chosen first, @Nullable Supplier<Chosen> maker) {
    this.current = new Generation(0, first);
    this.maker = maker;
  }

  /** Credentials that cannot be renewed. */
  static RenewableLogin fixed(Chosen chosen) {
    return new RenewableLogin(chosen, null);
  }

  /** Credentials that can be asked for again. */
  public static RenewableLogin renewable(Supplier<Chosen> maker) {
    return new RenewableLogin(maker.get(), maker);
  }

  /**
   * The credentials.
   *
   * @throws LoginFailure why there are none
   */
  @Override
  public AwsCredentials resolveCredentials() {
    return current.chosen().provider().resolveCredentials();
  }

  /** Where the credentials come from, for people. */
  public String words() {
    return current.chosen().words().get();
  }

  /** The number of the credentials in use, to be handed to {@link #renew}. */
  public int generation() {
    return current.number();
  }

  /**
   * Forgets the credentials, once for all who were refused with them.
   *
   * @param refused the generation that was refused
   * @return whether another try makes sense
   */
  public boolean renew(int refused) {
    if (maker == null) {
      return false;
    }
    lock.lock();
    try {
      Generation old = current;
      if (old.number() == refused) {
        current = new Generation(refused + 1, maker.get());
        CredentialSource.free(old.chosen().provider());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    CredentialSource.free(current.chosen().provider());
  }
}
