package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the lines for a shell that replace an exposed value with the backend's own program, for
 * the case that the command {@code secrets} is gone. No value is an argument, which all users of
 * the machine could see. Immutable.
 */
record OwnTools(InventoryLocation site, StoreSnapshot store, LocalizedTexts texts) {
  private static final Pattern AZURE_ID =
      Pattern.compile("https?://([^./:]+)[^/]*/secrets/([^/]+)");

  private static final int USUAL_BYTES = 32;

  /** Returns the lines; none without secrets, or for a backend whose program is not known. */
  List<String> lines() {
    return Stream.concat(
            store.secrets().stream().filter(held -> held.secret().shape() != null),
            store.secrets().stream())
        .findFirst()
        .map(this::lines)
        .orElse(List.of());
  }

  private List<String> lines(SecretState sample) {
    List<String> work = work(sample);
    return work.isEmpty()
        ? List.of()
        : Stream.concat(
                Stream.of(
                    "# " + texts.text("own-tools.name"),
                    "NAME=" + ShellWord.of(name(sample)),
                    "# " + texts.text("own-tools.form"),
                    "NEW=$(" + generator(sample.secret()) + ")"),
                work.stream())
            .toList();
  }

  private List<String> work(SecretState sample) {
    return switch (store.scheme()) {
      case "aws" -> aws();
      case "azure" -> azure(sample);
      case "vault" -> vault(sample);
      case "gpg" -> files();
      default -> List.of();
    };
  }

  private String name(SecretState sample) {
    Matcher id = AZURE_ID.matcher(sample.id());
    return store.scheme().equals("azure") && id.matches() ? id.group(2) : sample.name();
  }

  private static String generator(InventorySecret secret) {
    ValueShape shape = secret.shape();
    int bytes = shape != null && shape.type() == ValueShape.Type.HEX ? shape.amount() : USUAL_BYTES;
    return "openssl rand -hex " + bytes;
  }

  private String fact(String key, String otherwise) {
    return ShellWord.of(store.where().getOrDefault(key, otherwise));
  }

  private List<String> aws() {
    Map<String, String> where = store.where();
    String endpoint = where.getOrDefault("endpoint", "").split(" ", 2)[0]; // its setting follows
    String place =
        (where.containsKey("region") ? " --region " + fact("region", "") : "")
            + (endpoint.isEmpty() || endpoint.contains(".amazonaws.com")
                ? ""
                : " --endpoint-url " + ShellWord.of(endpoint));
    String call = "aws secretsmanager";
    String which = place + " --secret-id \"$NAME\"";
    return List.of(
        "printf %s \"$NEW\" | "
            + call
            + " put-secret-value"
            + which
            + " --secret-string file:///dev/stdin",
        "OLD=$("
            + call
            + " list-secret-version-ids"
            + which
            + " --output text --query \"Versions[?contains(VersionStages,"
            + " 'AWSPREVIOUS')].VersionId\")",
        call
            + " update-secret-version-stage"
            + which
            + " --version-stage AWSPREVIOUS --remove-from-version-id \"$OLD\"");
  }

  private List<String> azure(SecretState sample) {
    Matcher id = AZURE_ID.matcher(sample.id());
    String vault = id.matches() ? ShellWord.of(id.group(1)) : "VAULT";
    String which = " --vault-name " + vault + " --name \"$NAME\"";
    String call = "az keyvault secret";
    String shown = " --query id --output tsv";
    return List.of(
        "ID=$(printf %s \"$NEW\" | "
            + call
            + " set"
            + which
            + " --file /dev/stdin --encoding utf-8"
            + shown
            + ")",
        call
            + " list-versions"
            + which
            + " --query \"[?attributes.enabled && id != '$ID'].id\" --output tsv |"
            + " while read -r OLD; do "
            + call
            + " set-attributes --id \"$OLD\" --enabled false"
            + shown
            + "; done");
  }

  private List<String> vault(SecretState sample) {
    String mount = " -mount=" + fact("mount", "secret");
    String namespace =
        store.where().containsKey("namespace") ? " BAO_NAMESPACE=" + fact("namespace", "") : "";
    return List.of(
        "export BAO_ADDR=" + fact("address", "https://127.0.0.1:8200") + namespace,
        "VERSION=$(printf %s \"$NEW\" | bao kv patch"
            + mount
            + " -field=version \"$NAME\" "
            + ShellWord.of(sample.field())
            + "=-)",
        "bao kv destroy" + mount + " -versions=\"$(seq -s, 1 $((VERSION - 1)))\" \"$NAME\"");
  }

  private List<String> files() {
    return List.of(
        "STORE=" + fact("store", "STORE"),
        "# " + texts.text("own-tools.adopt"),
        "printf %s \"$NEW\" | gpg --batch --yes --trust-model always --encrypt"
            + " $(sed 's/^/--recipient /' \"$STORE/.gpg-id\") --output \"$STORE/$NAME.gpg\"");
  }
}
