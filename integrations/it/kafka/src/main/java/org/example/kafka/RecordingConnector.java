package org.example.kafka;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/** A connector whose tasks write down a digest of the password that they got. */
public final class RecordingConnector extends SourceConnector {
  private Map<String, String> configuration = Map.of();

  @Override
  public void start(Map<String, String> given) {
    configuration = Map.copyOf(given);
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
