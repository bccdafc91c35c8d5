package org.example.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the secret in the three ways in which a service gets one. */
@SpringBootApplication
@EnableConfigurationProperties(Peer.Settings.class)
@RestController
public class Peer {
  /** Settings, one of which is the secret. */
  @ConfigurationProperties("shop")
  public static class Settings {
    private String apiKey = "";

    public String getApiKey() {
      return apiKey;
    }

    public void setApiKey(String apiKey) {
      this.apiKey = apiKey;
    }
  }

  private final Settings settings;
  private final Environment environment;
  private final String atStart;

  Peer(Settings settings, Environment environment, @Value("${shop.api-key}") String atStart) {
    this.settings = settings;
    this.environment = environment;
    this.atStart = atStart;
  }

  @GetMapping("/values")
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("value", atStart);
    values.put("properties", settings.getApiKey());
    values.put("environment", String.valueOf(environment.getProperty("shop.api-key")));
    values.put("pid", ProcessHandle.current().pid());
    return values;
  }

  public static void main(String[] arguments) {
    SpringApplication.run(Peer.class, arguments);
  }
}
