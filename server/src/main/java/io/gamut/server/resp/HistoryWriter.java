package io.gamut.server.resp;

import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.trail.History;
import io.gamut.server.trail.Trace;

/** Writes the recent versions of a key. */
final class HistoryWriter {
  private final ReplyWriter writer;
  private final Fields fields;
  private final NodeId server;

  HistoryWriter(ReplyWriter writer, NodeId server) {
    this.writer = writer;
    this.server = server;
    fields = new Fields(writer);
  }

  void write(Key key, History history) {
    writer.map(5);
    writer.bulk("key");
    writer.bulk(key.bytes());
    fields.number("server", server.value());
    fields.number("since", history.sinceMillis());
    fields.number("forgotten", history.forgotten());
    writer.bulk("versions");
    writer.array(history.traces().size());
    history.traces().forEach(this::write);
  }

  private void write(Trace trace) {
    writer.map(10 + Fields.OF_CONTENT);
    fields.version(trace.version());
    fields.text("kind", trace.kind());
    fields.text("level", trace.level());
    fields.text("state", trace.state());
    fields.content(trace.content(), trace.length());
    fields.flag("allKeys", trace.ofAllKeys());
    fields.text("origin", trace.dot() == null ? null : trace.dot().origin());
    fields.number("sequence", trace.dot() == null ? null : trace.dot().sequence());
    fields.number("stamped", HybridClock.millis(trace.version().timestamp()));
    fields.number("visible", trace.shownMillis());
    fields.number("committed", trace.committedMillis() == 0 ? null : trace.committedMillis());
  }
}
