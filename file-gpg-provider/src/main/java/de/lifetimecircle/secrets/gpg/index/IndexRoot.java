package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The signed root, from which every other file of the store follows by its hash. Immutable.
 *
 * @param storeId random, made with the store
 * @param generation one more with every change
 * @param epoch one more with every change of the recipients
 * @param settling whether versions may still be encrypted for an older epoch
 * @param settledTo while settling, the place of the last name of which every version is encrypted
 *     for this epoch, and so is every name before it (see {@link StoreLayout#placeOf}); empty at
 *     the start
 * @param recipients who can read, in the order in which they were added
 * @param buckets the part of the index for each of the first two digits
 */
public record IndexRoot(
    String storeId,
    long generation,
    long epoch,
    boolean settling,
    String settledTo,
    List<Recipient> recipients,
    SortedMap<String, Bucket> buckets) {

  private static final String TYPE = "index";

  /**
   * One who can read.
   *
   * @param fingerprint of the primary key
   * @param sha256 of the file with the certificate
   */
  public record Recipient(String fingerprint, String sha256) {}

  /**
   * One part of the index.
   *
   * @param generation the generation in which its file was written; part of the file's name
   * @param sha256 of the file
   */
  public record Bucket(long generation, String sha256) {}

  /** Copies the recipients and the buckets. */
  public IndexRoot {
    recipients = List.copyOf(recipients);
    buckets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(buckets));
  }

  /** Returns the fingerprints of the recipients, in their order. */
  public List<String> fingerprints() {
    return recipients.stream().map(Recipient::fingerprint).toList();
  }

  /** Returns the recipient with that fingerprint. */
  public Optional<Recipient> recipient(String fingerprint) {
    return recipients.stream().filter(r -> r.fingerprint().equals(fingerprint)).findFirst();
  }

  /** Returns whether a fingerprint is that of a recipient. */
  public boolean hasRecipient(String fingerprint) {
    return fingerprints().contains(fingerprint);
  }

  /** Returns the required content of {@code .gpg-id}. */
  public byte[] gpgId() {
    return (String.join("\n", fingerprints()) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  IndexRoot withBucket(String bucket, Bucket written) {
    SortedMap<String, Bucket> next = new TreeMap<>(buckets);
    next.put(bucket, written);
    return new IndexRoot(storeId, generation + 1, epoch, settling, settledTo, recipients, next);
  }

  /** Begins a change of the recipients: no version is encrypted for them yet. */
  public IndexRoot withRecipients(List<Recipient> next) {
    return new IndexRoot(storeId, generation + 1, epoch + 1, true, "", next, buckets);
  }

  /**
   * With the newer certificate of a recipient, to whose keys all versions are encrypted already.
   */
  public IndexRoot withCertificate(Recipient renewed) {
    List<Recipient> next =
        recipients.stream()
            .map(each -> each.fingerprint().equals(renewed.fingerprint()) ? renewed : each)
            .toList();
    return new IndexRoot(storeId, generation + 1, epoch, settling, settledTo, next, buckets);
  }

  /** With every version encrypted for this epoch. */
  public IndexRoot settled() {
    return new IndexRoot(storeId, generation + 1, epoch, false, "", recipients, buckets);
  }

  /** With every version up to that place encrypted for this epoch. */
  public IndexRoot settledTo(String place) {
    return new IndexRoot(storeId, generation + 1, epoch, true, place, recipients, buckets);
  }

  byte[] toBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", TYPE);
    json.put("store", storeId);
    json.put("generation", generation);
    json.put("epoch", epoch);
    json.put("settling", settling);
    if (!settledTo.isEmpty()) {
      json.put("settledTo", settledTo);
    }
    List<Object> who = new ArrayList<>();
    for (Recipient recipient : recipients) {
      who.add(Map.of("fingerprint", recipient.fingerprint(), "sha256", recipient.sha256()));
    }
    json.put("recipients", who);
    Map<String, Object> parts = new LinkedHashMap<>();
    buckets.forEach(
        (key, bucket) ->
            parts.put(key, Map.of("generation", bucket.generation(), "sha256", bucket.sha256())));
    json.put("buckets", parts);
    return SignedFields.bytes(json);
  }

  /** Reads a document whose signature was verified. */
  public static IndexRoot parse(byte[] bytes) {
    SignedFields json = SignedFields.parse(StoreLayout.INDEX, bytes);
    if (!json.text("type").equals(TYPE)) {
      throw json.malformed("is not an index");
    }
    List<Recipient> recipients = new ArrayList<>();
    for (SignedFields who : json.objects("recipients")) {
      recipients.add(new Recipient(who.text("fingerprint"), who.text("sha256")));
    }
    SortedMap<String, Bucket> buckets = new TreeMap<>();
    SignedFields parts = json.object("buckets");
    for (String key : parts.names()) {
      SignedFields bucket = parts.object(key);
      buckets.put(key, new Bucket(bucket.number("generation"), bucket.text("sha256")));
    }
    return new IndexRoot(
        json.text("store"),
        json.number("generation"),
        json.number("epoch"),
        json.flag("settling"),
        json.textOrEmpty("settledTo"),
        recipients,
        buckets);
  }
}
