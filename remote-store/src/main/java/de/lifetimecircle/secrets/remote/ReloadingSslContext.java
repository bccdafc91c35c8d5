package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context that hands each new connection to a context made from the current files.
 *
 * <p>It replaces the whole context, not only a trust manager in it: a resumed session of the old
 * context would present the old certificate and ask no trust manager. The connecting thread checks
 * the files while it holds {@code lock}, and no thread waits for it: a thread that finds the lock
 * held uses the existing context. {@code current} is replaced only after all files could be read.
 */
final class ReloadingSslContext extends SSLContext {
  private static final System.Logger LOG = System.getLogger(PemTls.class.getName());

  ReloadingSslContext(PemTls files) {
    // Reads the stamps before the files, so that a change in between is noticed next time.
    this(files, Stamp.all(files), files.read());
  }

  private ReloadingSslContext(PemTls files, List<Stamp> seen, SSLContext first) {
    super(new Spi(files, seen, first), first.getProvider(), first.getProtocol());
  }

  /**
   * The marks that identify a file's content; with the inode, because a file may be replaced within
   * one tick of its clock.
   */
  private record Stamp(long size, FileTime modified, @Nullable Object inode) {
    private static final Stamp NONE = new Stamp(-1, FileTime.fromMillis(0), null);

    static List<Stamp> all(PemTls files) {
      return files.files().stream().map(Stamp::of).toList();
    }

    private static Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.size(), found.lastModifiedTime(), found.fileKey());
      } catch (IOException e) {
        return NONE;
      }
    }
  }

  private static final class Spi extends SSLContextSpi {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final PemTls files;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile SSLContext current;
    private List<Stamp> seen; // guarded by lock after construction
    private List<Stamp> unusable = List.of(); // guarded by lock
    private long looked; // guarded by lock after construction

    Spi(PemTls files, List<Stamp> seen, SSLContext first) {
      this.files = files;
      this.current = first;
      this.seen = seen;
      this.looked = System.nanoTime();
    }

    SSLContext current() {
      if (lock.tryLock()) {
        try {
          look();
        } finally {
          lock.unlock();
        }
      }
      return current;
    }

    private void look() {
      long now = System.nanoTime();
      if (now - looked < PAUSE) {
        return;
      }
      looked = now;
      List<Stamp> found = Stamp.all(files);
      if (found.equals(seen) || found.equals(unusable)) {
        return;
      }
      try {
        current = files.read();
        seen = found;
        unusable = List.of();
      } catch (StoreFailure e) {
        // Read again when they change once more: perhaps only one of two files is there already.
        unusable = found;
        LOG.log(
            System.Logger.Level.WARNING,
            "Cannot use the changed files of TLS: {0}. New connections use the ones read before.",
            e.reason());
      }
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return current().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return current().createSSLEngine(host, port);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new Sockets(this);
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return current.getClientSessionContext();
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random) {
      throw new UnsupportedOperationException("files say what is trusted");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException("for client connections only");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw new UnsupportedOperationException("for client connections only");
    }
  }

  /** Makes each socket with the context of that moment. */
  private static final class Sockets extends SSLSocketFactory {
    private final Spi spi;

    Sockets(Spi spi) {
      this.spi = spi;
    }

    private SSLSocketFactory now() {
      return spi.current().getSocketFactory();
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return spi.current.getSocketFactory().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return spi.current.getSocketFactory().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return now().createSocket();
    }

    @Override
    public Socket createSocket(Socket under, String host, int port, boolean closesUnder)
        throws IOException {
      return now().createSocket(under, host, port, closesUnder);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return now().createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return now().createSocket(host, port, from, fromPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return now().createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return now().createSocket(host, port, from, fromPort);
    }
  }
}
