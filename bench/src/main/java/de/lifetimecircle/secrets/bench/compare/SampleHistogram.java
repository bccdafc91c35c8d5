package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.operations.journal.JsonForm;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Samples to four digits, with a text form that keeps them all. Filled by one thread. */
final class SampleHistogram extends Histogram implements JsonForm {
  private static final long serialVersionUID = 1L;
  private static final int DIGITS = 4;

  SampleHistogram() {
    super(DIGITS);
  }

  @Override
  public String json() {
    ByteBuffer buffer = ByteBuffer.allocate(getNeededByteBufferCapacity());
    int length = encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  /** Reads a text of {@link #json}; called by the mapping of records. */
  static SampleHistogram read(@Nullable Object json) throws DataFormatException {
    if (!(json instanceof String text)) {
      throw new IllegalArgumentException("no samples (expected: a text in Base64)");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    SampleHistogram samples = new SampleHistogram(); // grows, which the decoded one does not
    samples.add(Histogram.decodeFromCompressedByteBuffer(bytes, 0));
    return samples;
  }
}
