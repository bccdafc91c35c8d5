package de.lifetimecircle.secrets.azure.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/**
 * The clouds of Azure: the domain of their vaults and where one logs in for them (Azure's list of
 * sovereign clouds, learn.microsoft.com; read 2026-11-24).
 */
public enum Cloud {
  PUBLIC("vault.azure.net", "https://login.microsoftonline.com/"),
  CHINA("vault.azure.cn", "https://login.chinacloudapi.cn/"),
  US_GOVERNMENT("vault.usgovcloudapi.net", "https://login.microsoftonline.us/"),
  GERMANY("vault.microsoftazure.de", "https://login.microsoftonline.de/");

  private final String domain;
  private final String authority;

  Cloud(String domain, String authority) {
    this.domain = domain;
    this.authority = authority;
  }

  /** Where one logs in. */
  public String authority() {
    return authority;
  }

  /** The cloud that a vault belongs to by its name; empty for any other host. */
  public static Optional<Cloud> of(URI vault) {
    return Arrays.stream(values())
        .filter(cloud -> vault.getHost().endsWith("." + cloud.domain))
        .findFirst();
  }

  static boolean isKnownAuthority(String authority) {
    return Arrays.stream(values()).anyMatch(cloud -> cloud.authority.equals(authority));
  }
}
