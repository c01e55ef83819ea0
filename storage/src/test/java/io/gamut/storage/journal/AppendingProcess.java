package io.gamut.storage.journal;

import io.gamut.storage.volume.DirectoryVolume;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A process that appends numbered records with FSYNC and prints each number once it is
 * acknowledged, until it has appended as many as it was told, or is killed.
 */
final class AppendingProcess {
  private AppendingProcess() {}

  /** Starts one; the prefix is a command to run it under. */
  static Process start(List<String> prefix, Path directory, int inFlight, int records)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(AppendingProcess.class.getName());
    command.addAll(
        List.of(directory.toString(), Integer.toString(inFlight), Integer.toString(records)));
    return new ProcessBuilder(command)
        .redirectError(directory.resolveSibling("child.err").toFile())
        .start();
  }

  static byte[] body(long number) {
    SplittableRandom random = new SplittableRandom(number);
    byte[] body = new byte[Long.BYTES + random.nextInt(600)];
    random.nextBytes(body);
    ByteBuffer.wrap(body).putLong(number);
    return body;
  }

  static SegmentedJournal open(DirectoryVolume volume, JournalVisitor visitor) throws IOException {
    SplittableRandom salts = new SplittableRandom(System.nanoTime());
    JournalOptions options = new JournalOptions(new JournalId(3, 4), 64 << 10, salts::nextLong);
    return SegmentedJournal.open(volume, options, visitor);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    int inFlight = Integer.parseInt(args[1]);
    int records = Integer.parseInt(args[2]);
    long[] last = {0};
    ListeningPost post = new ListeningPost();
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (DirectoryVolume volume = DirectoryVolume.open(Path.of(args[0]))) {
      SegmentedJournal journal = open(volume, (_, _, body) -> last[0] = body.getLong());
      long before = last[0];
      GroupCommit commit =
          GroupCommit.start(
              journal,
              Durability.FSYNC,
              GroupCommit.PENDING_BYTES_MAX_DEFAULT,
              new Printer(post, before, out));
      out.println("ready");
      out.flush();
      JournalBatch batch = new JournalBatch();
      for (long sequence = 1; sequence <= records; sequence++) {
        post.awaitAbove(sequence - inFlight - 1);
        commit.append(batch.add(1, body(before + sequence)));
      }
      commit.close();
    }
  }

  private record Printer(ListeningPost post, long before, PrintStream out)
      implements DurabilityListener {
    @Override
    public void onDurable(long sequence, long position) {
      out.println("acknowledged " + (before + sequence));
      out.flush();
      post.onDurable(sequence, position);
    }

    @Override
    public void onFailure(IOException failure) {
      post.onFailure(failure);
    }
  }
}
