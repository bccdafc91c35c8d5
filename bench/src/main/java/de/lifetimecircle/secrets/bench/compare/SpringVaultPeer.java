package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.remote.PemTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.vault.authentication.SimpleSessionManager;
import org.springframework.vault.authentication.TokenAuthentication;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.core.VaultVersionedKeyValueOperations;
import org.springframework.vault.support.Versioned;

/** Spring Vault over the JDK's client, with a token. */
final class SpringVaultPeer {
  private SpringVaultPeer() {}

  static PeerPrograms.Peer open(ParticipantAccess subject) {
    HttpClient.Builder http = HttpClient.newBuilder();
    String certificates = subject.setting("vault.ca-file");
    if (!certificates.isEmpty()) {
      http.sslContext(PemTls.trusting(Path.of(certificates)).context());
    }
    VaultTemplate template =
        new VaultTemplate(
            VaultEndpoint.from(URI.create(subject.setting("vault.address"))),
            new JdkClientHttpRequestFactory(http.build()),
            new SimpleSessionManager(new TokenAuthentication(subject.setting("vault.token"))));
    String mount = subject.setting("vault.mount");
    VaultVersionedKeyValueOperations secrets =
        template.opsForVersionedKeyValue(mount.isEmpty() ? "secret" : mount);
    return new PeerPrograms.Peer(name -> value(secrets.get(name)), template::destroy);
  }

  private static String value(@Nullable Versioned<Map<String, Object>> found) {
    if (found == null) {
      throw new IllegalStateException("a name that was written is not there");
    }
    return String.valueOf(found.getRequiredData().get("value"));
  }
}
