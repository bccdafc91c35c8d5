package de.lifetimecircle.secrets.gpg.gpgagent;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.PGPContentSigner;
import org.bouncycastle.openpgp.operator.PGPContentSignerBuilder;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/** Hashes here and lets gpg-agent sign the hash. */
record AgentSignerBuilder(GpgAgent agent, String keygrip, PGPPublicKey key)
    implements PGPContentSignerBuilder {

  /** libgcrypt's number for SHA-512, which is also OpenPGP's. */
  private static final int SHA512 = HashAlgorithmTags.SHA512;

  private static final int ED25519_PART = 32;

  @Override
  public PGPContentSigner build(int signatureType, PGPPrivateKey unused) throws PGPException {
    try {
      return new Signer(signatureType, MessageDigest.getInstance("SHA-512"));
    } catch (NoSuchAlgorithmException e) {
      throw new PGPException("SHA-512 is missing", e);
    }
  }

  private final class Signer implements PGPContentSigner {
    private final int type;
    private final MessageDigest hash;
    private byte[] digest = new byte[0];

    Signer(int type, MessageDigest hash) {
      this.type = type;
      this.hash = hash;
    }

    @Override
    public OutputStream getOutputStream() {
      return new DigestOutputStream(OutputStream.nullOutputStream(), hash);
    }

    @Override
    public byte[] getDigest() {
      if (digest.length == 0) {
        digest = hash.digest();
      }
      return digest.clone();
    }

    @Override
    public byte[] getSignature() {
      try {
        return inLibraryForm(agent.sign(keygrip, SHA512, getDigest()));
      } catch (IOException e) {
        throw new IllegalStateException("agent", e); // The interface declares nothing.
      }
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public int getHashAlgorithm() {
      return SHA512;
    }

    @Override
    public int getKeyAlgorithm() {
      return key.getAlgorithm();
    }

    @Override
    public long getKeyID() {
      return key.getKeyID();
    }
  }

  /** RSA: s; EdDSA: r and s, 32 octets each; ECDSA: r and s in DER. */
  private byte[] inLibraryForm(SExpression signature) throws IOException {
    BigInteger s = new BigInteger(1, signature.value("s"));
    if (key.getAlgorithm() == PublicKeyAlgorithmTags.RSA_GENERAL) {
      return s.toByteArray();
    }
    BigInteger r = new BigInteger(1, signature.value("r"));
    if (key.getAlgorithm() == PublicKeyAlgorithmTags.EDDSA_LEGACY) {
      return Arrays.concatenate(
          BigIntegers.asUnsignedByteArray(ED25519_PART, r),
          BigIntegers.asUnsignedByteArray(ED25519_PART, s));
    }
    return new DERSequence(new ASN1Encodable[] {new ASN1Integer(r), new ASN1Integer(s)})
        .getEncoded();
  }
}
