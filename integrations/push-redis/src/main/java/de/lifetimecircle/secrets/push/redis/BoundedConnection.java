package de.lifetimecircle.secrets.push.redis;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.JedisURIHelper;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A connection that refuses a long text before it takes memory for it. The client would take as
 * much as the first line of the text says, up to 512 MB, from anybody who may PUBLISH. It speaks
 * RESP2, in which a message is an array of texts.
 */
@SuppressWarnings("deprecation") // what Jedis 8 has in place of ssl and read, older ones lack
final class BoundedConnection extends Connection {
  private static final int LONGEST_TEXT = 64 * 1024;

  private BoundedConnection(HostAndPort server, JedisClientConfig config) {
    super(server, config);
  }

  static BoundedConnection to(URI uri, int timeoutMillis) {
    return new BoundedConnection(
        JedisURIHelper.getHostAndPort(uri),
        DefaultJedisClientConfig.builder()
            .user(JedisURIHelper.getUser(uri))
            .password(JedisURIHelper.getPassword(uri))
            .database(JedisURIHelper.getDBIndex(uri))
            .ssl(JedisURIHelper.isRedisSSLScheme(uri))
            .sslParameters(withHostName())
            .timeoutMillis(timeoutMillis)
            .protocol(RedisProtocol.RESP2)
            .build());
  }

  /** Without these, Jedis 6 and 7 accept a trusted certificate of any host. */
  private static SSLParameters withHostName() {
    SSLParameters parameters = new SSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** Jedis 8 calls this one, and has no other; RESP2 has no pushes. */
  @Override
  protected @Nullable Object protocolRead(RedisInputStream in, PushConsumerChain pushes) {
    return protocolRead(in);
  }

  /** Jedis 6 and 7 call this one, and have no other. */
  public @Nullable Object protocolRead(RedisInputStream in) {
    if (in.peek((byte) '$')) {
      return text(in);
    }
    if (!in.peek((byte) '*')) {
      return Protocol.read(in);
    }
    int count = length(in);
    List<@Nullable Object> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(protocolRead(in));
    }
    return parts;
  }

  private static byte @Nullable [] text(RedisInputStream in) {
    int length = length(in);
    if (length < 0) {
      return null;
    }
    if (length > LONGEST_TEXT) {
      throw new JedisConnectionException("a text of " + length + " bytes is too long");
    }
    byte[] text = new byte[length];
    for (int at = 0; at < length; ) {
      int read = in.read(text, at, length - at);
      if (read < 0) {
        throw new JedisConnectionException("the server has ended the connection");
      }
      at += read;
    }
    in.readLineBytes(); // the end of its line
    return text;
  }

  /** Reads the line before a text or an array. */
  private static int length(RedisInputStream in) {
    byte unused = in.readByte();
    return in.readIntCrLf();
  }
}
