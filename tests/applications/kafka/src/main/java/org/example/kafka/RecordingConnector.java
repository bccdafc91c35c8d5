package org.example.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * A connector whose tasks write down a digest of the password that they got; it writes a line for
 * each start of its own.
 */
public final class RecordingConnector extends SourceConnector {
  /** Ends the name of the file with a line for each start. */
  static final String STARTS = ".connector";

  private Map<String, String> configuration = Map.of();

  @Override
  public void start(Map<String, String> given) {
    configuration = Map.copyOf(given);
    try {
      Files.writeString(
          Path.of(given.get("record") + STARTS),
          "started\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Class<? extends Task> taskClass() {
    return RecordingTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int most) {
    return Collections.nCopies(most, configuration);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define("password", ConfigDef.Type.PASSWORD, ConfigDef.Importance.HIGH, "The password.");
  }

  @Override
  public String version() {
    return "1";
  }
}
