package de.lifetimecircle.secrets.bench.compare;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import de.lifetimecircle.secrets.remote.PemTls;
import java.nio.file.Path;

/** Azure's SDK, over the JDK's client as our provider has it: over its default it is slower. */
final class AzurePeer {
  private AzurePeer() {}

  /** Reads under the name that our provider gives: Azure takes letters, digits and dashes only. */
  static PeerPrograms.Peer open(ParticipantAccess subject) {
    java.net.http.HttpClient.Builder jdk = java.net.http.HttpClient.newBuilder();
    String certificates = subject.setting("azure.ca-file");
    if (!certificates.isEmpty()) {
      jdk.sslContext(PemTls.trusting(Path.of(certificates)).context());
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
    SecretClient client = vault.credential(login.build()).buildClient();
    return new PeerPrograms.Peer(
        name -> client.getSecret(name.replace("-", "--").replace("/", "-s")).getValue(),
        () -> {}); // the client holds nothing that could be closed
  }
}
