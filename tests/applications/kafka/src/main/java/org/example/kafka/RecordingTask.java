package org.example.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Adds a line to a file each time it starts. Fails by itself if its password says so. */
public final class RecordingTask extends SourceTask {
  /** The password of a task that fails after its start. */
  static final String FAILS = "fails";

  private boolean fails;

  @Override
  public void start(Map<String, String> given) {
    fails = FAILS.equals(given.get("password"));
    try {
      Files.writeString(
          Path.of(given.get("record")),
          digest(given.get("password")) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<SourceRecord> poll() {
    if (fails) {
      throw new ConnectException("fails for a reason of its own");
    }
    LockSupport.parkNanos(100_000_000L);
    return List.of();
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return "1";
  }
}
