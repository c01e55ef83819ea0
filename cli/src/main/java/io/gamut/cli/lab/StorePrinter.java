package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.util.List;

/** Prints all pairs that a server shows, by key, a page at a time. */
final class StorePrinter {
  /** Pairs: a page of the longest values that a lab script usually has stays at a few megabytes. */
  private static final int PAGE = 256;

  private static final byte[] GAMUT = ScriptText.bytes("GAMUT");
  private static final byte[] PAIRS = ScriptText.bytes("PAIRS");
  private static final byte[] COUNT = ScriptText.bytes("COUNT");
  private static final byte[] AFTER = ScriptText.bytes("AFTER");
  private static final byte[] PAGE_TEXT = ScriptText.bytes(Integer.toString(PAGE));

  private StorePrinter() {}

  static void print(LabServer server, Output out) throws ScriptException, IOException {
    List<RespValue> page = page(server, GAMUT, PAIRS, COUNT, PAGE_TEXT);
    while (!page.isEmpty()) {
      for (int i = 0; i + 1 < page.size(); i += 2) {
        out.pair(bytes(page.get(i)), bytes(page.get(i + 1)));
      }
      byte[] last = bytes(page.get(page.size() - 2));
      page =
          page.size() < 2 * PAGE
              ? List.of()
              : page(server, GAMUT, PAIRS, AFTER, last, COUNT, PAGE_TEXT);
    }
  }

  private static List<RespValue> page(LabServer server, byte[]... request) throws ScriptException {
    RespValue reply = server.ask(request);
    if (reply instanceof RespValue.Sequence(List<RespValue> elements)) {
      return elements;
    }
    throw new ScriptException("server " + server.id() + " did not list its pairs: " + reply);
  }

  private static byte[] bytes(RespValue value) throws ScriptException {
    if (value instanceof RespValue.Text(byte[] bytes)) {
      return bytes;
    }
    throw new ScriptException("a pair holds what is no string: " + value);
  }
}
