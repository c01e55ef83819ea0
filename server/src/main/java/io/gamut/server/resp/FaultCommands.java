package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.overlay.LinkFaults;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.fault.ServerFaults;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GAMUT LINK} and {@code GAMUT FAULT}: what goes wrong on demand, in servers that were
 * started with {@code --lab}.
 */
final class FaultCommands {
  private static final int LINK_DELAY_MILLIS_MAX = 600_000;
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final PipelinedConnection<ReplyWriter> connection;
  private final ServerFaults faults;

  FaultCommands(RespClient client) {
    connection = client.connection();
    faults = client.shared().services().faults();
  }

  void link(List<byte[]> arguments) {
    GamutCommands.requireCount("LINK", arguments, 2, 3);
    String verb = Commands.name(arguments.getFirst());
    NodeId node = new NodeId(GamutCommands.number(arguments.get(1), NodeId.VALUE_MAX, "a node id"));
    LinkFaults links = faults.links();
    boolean hasAmount = verb.equals("DELAY") || verb.equals("LOSS");
    requireCount("LINK " + verb, arguments, hasAmount ? 3 : 2);
    answer(
        switch (verb) {
          case "CUT" -> links.cut(node);
          case "HEAL" -> links.heal(node);
          case "DELAY" ->
              links.delay(
                  node,
                  GamutCommands.number(arguments.get(2), LINK_DELAY_MILLIS_MAX, "a delay in ms"));
          case "LOSS" ->
              links.loss(
                  node,
                  GamutCommands.number(arguments.get(2), 100, "a loss in percent") / 100.0,
                  node.value());
          default -> throw new InvalidDataException("LINK is CUT, HEAL, DELAY or LOSS");
        });
  }

  void fault(List<byte[]> arguments) {
    if (arguments.isEmpty()) {
      ServerFaults.InForce inForce = faults.inForce();
      connection.answerNow(writer -> write(inForce, writer));
      return;
    }
    switch (Commands.name(arguments.getFirst())) {
      case "DISK" -> disk(arguments);
      case "CLOCK" -> {
        requireCount("FAULT CLOCK", arguments, 2);
        faults.putClockAhead(aheadMillis(arguments.get(1)));
        answer(DONE);
      }
      case "OFF" -> {
        requireCount("FAULT OFF", arguments, 1);
        answer(faults.end());
      }
      default -> throw new InvalidDataException("FAULT is DISK, CLOCK or OFF");
    }
  }

  private void disk(List<byte[]> arguments) {
    String verb = arguments.size() < 2 ? "" : Commands.name(arguments.get(1));
    switch (verb) {
      case "SLOW" -> {
        requireCount("FAULT DISK SLOW", arguments, 3);
        int most = ServerFaults.DISK_SLOW_MILLIS_MAX;
        faults.slowDisk(
            GamutCommands.number(arguments.get(2), most, "a disk's delay in milliseconds"));
        answer(DONE);
      }
      case "FULL" -> {
        requireCount("FAULT DISK FULL", arguments, 3);
        answer(faults.fillDisk(isOn(arguments.get(2))));
      }
      case "FAIL" -> {
        requireCount("FAULT DISK FAIL", arguments, 2);
        faults.failDisk();
        answer(DONE);
      }
      default -> throw new InvalidDataException("FAULT DISK is SLOW, FULL or FAIL");
    }
  }

  private static void requireCount(String name, List<byte[]> arguments, int count) {
    GamutCommands.requireCount(name, arguments, count, count);
  }

  private static boolean isOn(byte[] word) {
    return switch (Commands.name(word)) {
      case "ON" -> true;
      case "OFF" -> false;
      default -> throw new InvalidDataException("FAULT DISK FULL is ON or OFF");
    };
  }

  private static long aheadMillis(byte[] word) {
    int most = ServerFaults.CLOCK_AHEAD_MILLIS_MAX;
    try {
      long millis = Long.parseLong(new String(word, StandardCharsets.ISO_8859_1));
      if (millis >= -most && millis <= most) {
        return millis;
      }
    } catch (NumberFormatException _) {
      // Answered below, as a number out of range is.
    }
    throw new InvalidDataException(
        "how far a clock is ahead is a whole number of milliseconds from -" + most + " to " + most);
  }

  private static void write(ServerFaults.InForce inForce, ReplyWriter writer) {
    writer.map(4);
    writer.bulk("diskSlowMillis");
    writer.integer(inForce.diskSlowMillis());
    writer.bulk("diskFull");
    writer.integer(inForce.isDiskFull() ? 1 : 0);
    writer.bulk("diskFail");
    writer.integer(inForce.failsNextWrite() ? 1 : 0);
    writer.bulk("clockAheadMillis");
    writer.integer(inForce.clockAheadMillis());
  }

  /** Answers once it is in force. */
  private void answer(CompletableFuture<Void> done) {
    Answer answer = connection.begin(Kind.ALONE);
    var _ =
        done.whenComplete((_, failure) ->
            connection.end(
                answer,
                writer -> {
                  if (failure == null) {
                    writer.simple("OK");
                  } else {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    writer.error("ERR " + cause.getMessage());
                  }
                }));
  }
}
