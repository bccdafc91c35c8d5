package de.lifetimecircle.secrets.bench.compare;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import java.nio.file.Path;

/** Azure's SDK, over the JDK's client as our provider has it: over its default it is slower. */
final class AzurePeer implements PeerPrograms.Peer {
  private final SecretClient client;

  AzurePeer(ParticipantAccess subject) {
    java.net.http.HttpClient.Builder jdk = java.net.http.HttpClient.newBuilder();
    String certificates = subject.setting("azure.ca-file");
    if (!certificates.isEmpty()) {
      jdk.sslContext(FaultyLink.trusting(Path.of(certificates)));
    }
    HttpClient http = new JdkHttpClientBuilder(jdk).build();
    ClientSecretCredentialBuilder login =
        new ClientSecretCredentialBuilder()
            .httpClient(http)
            .tenantId(subject.setting("azure.tenant-id"))
            .clientId(subject.setting("azure.client-id"))
            .clientSecret(subject.setting("azure.client-secret"));
    SecretClientBuilder vault =
        new SecretClientBuilder().httpClient(http).vaultUrl(subject.setting("azure.vault-url"));
    if (!subject.setting("azure.authority").isEmpty()) {
      login.authorityHost(subject.setting("azure.authority"));
    }
    if (subject.setting("azure.instance-discovery").equals("off")) {
      login.disableInstanceDiscovery();
      vault.disableChallengeResourceVerification();
    }
    this.client = vault.credential(login.build()).buildClient();
  }

  /** Under the name that our provider gives it: Azure takes letters, digits and dashes only. */
  @Override
  public String read(String name) {
    return client.getSecret(name.replace("-", "--").replace("/", "-s")).getValue();
  }

  @Override
  public void close() {
    // The client holds nothing that could be closed.
  }
}
