package org.example.shop;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** Settings of the shop, one of which is a secret. */
@ConfigurationProperties("shop")
public class ShopProperties {
  private String apiKey = "";

  public String getApiKey() {
    return apiKey;
  }

  public void setApiKey(String apiKey) {
    this.apiKey = apiKey;
  }
}
