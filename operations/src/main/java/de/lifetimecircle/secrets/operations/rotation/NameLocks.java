package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks the names that this process changes: a locked file for each, whose text names the holder.
 * The operating system releases the locks when the process ends, for whatever reason. Used by one
 * thread.
 */
final class NameLocks implements AutoCloseable {
  private final Path folder;
  private final String who;
  private final String action;
  private final Map<String, FileChannel> held = new TreeMap<>();

  /**
   * Prepares locks.
   *
   * @param action what needs them, for the message of a refusal, such as {@code rotate secret}
   */
  NameLocks(Path folder, String who, String action) {
    this.folder = folder;
    this.who = who;
    this.action = action;
  }

  /**
   * Locks more names.
   *
   * @throws SecretException {@code CONFLICT} if another process has locked one; all locks are
   *     released then
   */
  NameLocks and(Collection<String> names) {
    try {
      for (String name : names) {
        if (!held.containsKey(name)) {
          take(name);
        }
      }
      return this;
    } catch (SecretException e) {
      close();
      throw e;
    }
  }

  private void take(String name) {
    Path file = folder.resolve(JournalFolder.lockName(name));
    FileChannel channel = null;
    try {
      TrustedPath.requireNoForeignLink(file);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      channel.truncate(0);
      int unused = channel.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)));
      held.put(name, channel);
      RunningHook.in(folder, name).requireEnded(name, action);
    } catch (OverlappingFileLockException e) {
      closed(channel);
      throw SecretException.of(SecretException.Kind.CONFLICT, action)
          .name(name)
          .reason("another process is rotating or renaming it now" + holder(file))
          .advice("Wait until it has finished, then run this command again")
          .build();
    } catch (IOException e) {
      closed(channel);
      throw JournalFolder.unusable("lock the name of a rotation", file, e);
    }
  }

  private static String holder(Path file) {
    try {
      String holder = Files.readString(file);
      return holder.isEmpty() ? "" : " (" + holder + ")";
    } catch (IOException e) {
      return ""; // the refusal does not need the holder
    }
  }

  private static void closed(@Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot close a lock", e);
      }
    }
  }

  @Override
  public void close() {
    held.values().forEach(NameLocks::closed);
    held.clear();
  }
}
