package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Requirement;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.remote.Glimpse;
import io.gamut.replication.remote.Sight;
import io.gamut.server.explain.Forecast;
import io.gamut.server.explain.Forecast.Expected;
import io.gamut.server.explain.Forecasts;
import io.gamut.server.explain.Lack;
import io.gamut.server.explain.Lacks;
import io.gamut.server.passing.Looked;
import io.gamut.server.passing.Seen;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Receipt;
import io.gamut.server.request.Said;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes why a key is read as it is; docs/explain.md says what each field states. */
final class ExplanationWriter {
  private final ReplyWriter writer;
  private final Fields fields;
  private final Looked looked;

  ExplanationWriter(ReplyWriter writer, Looked looked) {
    this.writer = writer;
    this.looked = looked;
    fields = new Fields(writer);
  }

  void write(Key key, Asked asked, RespClient client) {
    Sight here = looked.at(looked.server());
    writer.map(8);
    writer.bulk("key");
    writer.bulk(key.bytes());
    fields.number("node", client.shared().services().node().value());
    fields.number("server", value(looked.server()));
    fields.number("leader", here == null ? null : value(here.standing().leader()));
    fields.number(
        "at", here == null ? client.shared().services().clock().millis() : here.wallMillis());
    writer.bulk("replicas");
    writer.array(looked.replicas().size());
    looked.replicas().forEach(seen -> write(seen, key, asked));
    writer.bulk("last");
    write(client.last(), key);
    writer.bulk("levels");
    List<Forecast> forecasts = Forecasts.of(key, asked, looked);
    writer.array(forecasts.size());
    forecasts.forEach(this::write);
  }

  private static @Nullable Integer value(@Nullable NodeId node) {
    return node == null ? null : Integer.valueOf(node.value());
  }

  // Replicas

  private void write(Seen seen, Key key, Asked asked) {
    Sight sight = seen.sight();
    writer.map(sight == null ? 2 : 8);
    fields.number("server", seen.node().value());
    fields.flag("reached", sight != null);
    if (sight == null) {
      return;
    }
    fields.number("micros", seen.nanos() / 1_000);
    fields.flag("majority", !sight.standing().isHopeless());
    fields.number("applied", sight.standing().applied());
    writer.bulk("committed");
    write(sight.committed());
    writer.bulk("shown");
    write(sight.shown());
    writer.bulk("lacks");
    writer.map(3);
    Requirement weak = asked.session().requirement(key, Consistency.SESSION);
    Requirement all = asked.session().requirement(key, Consistency.CAUSAL);
    write("session", Lacks.ofWeak(weak, sight));
    write("causal", Lacks.ofWeak(all, sight));
    write("strong", Lacks.ofStrong(all, sight));
  }

  private void write(@Nullable Glimpse glimpse) {
    if (glimpse == null) {
      writer.nullValue();
      return;
    }
    Pair pair = glimpse.pair();
    writer.map(5 + Fields.OF_CONTENT);
    fields.content(pair.content(), glimpse.length());
    fields.version(pair.version());
    fields.number("writer", value(looked.writer(pair.version().stamper())));
    fields.text("state", state(pair));
    fields.text("origin", pair.mark() instanceof Dot dot ? dot.origin() : null);
    fields.number("sequence", pair.mark() instanceof Dot dot ? dot.sequence() : null);
  }

  private static String state(Pair pair) {
    return pair.mark() instanceof LedgerPosition ? "committed" : "tentative";
  }

  private void write(String name, Lacks lacks) {
    writer.bulk(name);
    writer.map(3);
    fields.number("count", lacks.count());
    fields.flag("lost", lacks.isLost());
    writer.bulk("first");
    writer.array(lacks.first().size());
    for (Lack lack : lacks.first()) {
      writer.map(5);
      fields.text("words", lack.words(looked));
      fields.text("stage", lack.stage().name().toLowerCase(Locale.ROOT));
      fields.text("origin", lack instanceof Lack.OfOrigin of ? of.origin() : null);
      fields.number("wanted", lack.wanted());
      fields.number("has", lack.has());
    }
  }

  // The last command

  private void write(@Nullable LastCommand last, Key key) {
    if (last == null) {
      writer.nullValue();
      return;
    }
    Receipt receipt = last.receipt();
    Said said = last.said();
    byte[] of = said == null ? null : said.key();
    writer.map(11);
    fields.text("command", said == null ? null : said.command());
    writer.bulk("key");
    if (of == null) {
      writer.nullValue();
    } else {
      writer.bulk(of);
    }
    fields.flag("sameKey", of != null && Key.of(of).equals(key));
    fields.text("asked", said == null ? null : said.level());
    fields.text("level", receipt.level());
    fields.number("replica", value(receipt.replica()));
    fields.version(receipt.version());
    fields.number("age", receipt.isAgeKnown() ? receipt.ageMillis() : null);
    fields.text("state", receipt.state());
    fields.text("outcome", receipt.outcome());
    fields.text("words", last.words());
  }

  // Levels

  private void write(Forecast forecast) {
    Expected answer = forecast.answer();
    Glimpse glimpse = answer == null ? null : answer.glimpse();
    writer.map(8 + (glimpse == null ? 0 : Fields.OF_CONTENT));
    fields.text("level", forecast.level());
    fields.text("price", forecast.price());
    fields.text("words", forecast.words());
    fields.number("millisMax", forecast.millisMax());
    fields.number("from", answer == null ? null : value(answer.server()));
    fields.flag("hasValue", answer != null && answer.hasValue());
    if (glimpse != null) {
      fields.content(glimpse.pair().content(), glimpse.length());
    }
    fields.version(glimpse == null ? null : glimpse.pair().version());
    fields.text("state", glimpse == null ? null : state(glimpse.pair()));
  }
}
