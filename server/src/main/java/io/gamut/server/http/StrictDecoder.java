package io.gamut.server.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.List;

/**
 * Takes a head for unreadable where somebody in between could read it in another way, and see
 * another number of requests in the same bytes (RFC 9112 section 11.2), and one with more headers
 * than anybody sends: each takes far more memory than its bytes.
 */
final class StrictDecoder extends HttpRequestDecoder {
  private static final int CHUNK_BYTES_MAX = 64 << 10;
  private static final int HEADERS_MAX = 200;

  private static final HttpHeadersFactory HEADERS =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new FewHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new FewHeaders();
        }
      };

  StrictDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.LINE_BYTES_MAX)
            .setMaxHeaderSize(HttpLimits.HEADER_BYTES_MAX)
            .setMaxChunkSize(CHUNK_BYTES_MAX)
            .setHeadersFactory(HEADERS)
            .setTrailersFactory(HEADERS));
  }

  /** Two lengths at once. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }

  /** Asked of each head, before anything behind it is looked at. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    List<String> codings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean isPlain =
        codings.isEmpty()
            || (codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()));
    if (!isPlain) {
      throw new IllegalArgumentException("a Transfer-Encoding other than chunked");
    }
    return super.isContentAlwaysEmpty(message);
  }

  private static final class FewHeaders extends DefaultHttpHeaders {
    private int count;

    private void count() {
      if (++count > HEADERS_MAX) {
        throw new TooLongHttpHeaderException("more than " + HEADERS_MAX + " headers");
      }
    }

    @Override
    public HttpHeaders add(String name, Object value) {
      count();
      return super.add(name, value);
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
      count();
      return super.add(name, value);
    }
  }
}
