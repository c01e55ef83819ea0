package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.service.NodeServices;
import org.jspecify.annotations.Nullable;

/**
 * What a reply says about itself, as RESP 3 attributes before it: the level that was had, by which
 * replica, the version, and a token of just this operation. A client that keeps these tokens can
 * present them to any server.
 */
final class Receipts {
  private Receipts() {}

  static void write(
      NodeServices services,
      TokenSeal seal,
      Key key,
      @Nullable Pair pair,
      Consistency level,
      ReplyWriter writer) {
    writer.attribute(pair == null ? 2 : 4);
    writer.simple("level");
    writer.simple(level.toString());
    writer.simple("replica");
    writer.integer(services.node().value());
    if (pair != null) {
      writer.simple("version");
      writer.simple(pair.version().toString());
      Session step = new Session();
      step.observe(key, pair.version(), pair.mark(), level);
      writer.simple("token");
      writer.simple(seal.seal(step));
    }
  }
}
