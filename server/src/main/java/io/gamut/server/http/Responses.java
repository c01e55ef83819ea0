package io.gamut.server.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What leaves a connection: answers with the headers that belong to the connection. */
final class Responses {
  private Responses() {}

  /** Go on with the body (RFC 9110 section 15.2.1). */
  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /**
   * An answer as it is sent.
   *
   * @param request that it answers, where one could be read
   * @param isKept whether the connection stays open
   */
  static FullHttpResponse of(
      Answer answer, @Nullable HttpRequest request, boolean isKept, InstantSource clock) {
    boolean isHead = request != null && request.method().equals(HttpMethod.HEAD);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            answer.status(),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    response.headers().set(answer.headers());
    response.headers().set(HttpHeaderNames.DATE, Heads.date(clock));
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (answer.hasLength()) {
      HttpUtil.setContentLength(response, answer.body().length);
    }
    if (!isKept) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (request != null && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return response;
  }
}
