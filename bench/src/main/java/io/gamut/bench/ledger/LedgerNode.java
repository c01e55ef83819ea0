package io.gamut.bench.ledger;

import io.gamut.core.ClusterId;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerCodec;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Overlay;
import io.gamut.overlay.OverlayConfig;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.Timing;
import io.gamut.overlay.net.NettyOverlay;
import io.gamut.overlay.net.Transport;
import io.gamut.storage.journal.Durability;
import io.gamut.storage.journal.DurabilityListener;
import io.gamut.storage.journal.GroupCommit;
import io.gamut.storage.journal.JournalId;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.SegmentedJournal;
import io.gamut.storage.log.JournalFeed;
import io.gamut.storage.log.JournaledEntryLog;
import io.gamut.storage.volume.DirectoryVolume;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One participant of a ledger on its real journal and network. Its state machine counts entries; a
 * load comes from inside, where it does not have to be parsed or answered.
 *
 * <p>Thread rules: everything on the event loop, except {@link #run}.
 */
final class LedgerNode implements OverlayListener, LedgerEffects, DurabilityListener {
  private static final ClusterId CLUSTER = new ClusterId(1, 1);
  private static final long SEGMENT_BYTES = 64L << 20;

  /** What is kept of the log for a participant that is behind: nothing here makes snapshots. */
  private static final long RETAINED_BYTES = 512L << 20;

  private static final long LET_GO_NANOS = 1_000_000_000;

  private final EventLoop loop = Transport.preferred().newEventLoopGroup(1, "ledger").next();
  private final Participant self;
  private final Map<NodeId, Participant> participants;
  private final DirectoryVolume volume;
  private final JournaledEntryLog log;
  private final Ledger ledger;
  private final GroupCommit journal;
  private final JournalFeed feed;
  private final Overlay overlay;

  private long durableSequence;
  private long durablePosition;
  private long lastDurableIndex;
  private boolean isFlushScheduled;
  private boolean isStarted;
  private long wakeScheduledNanos = Long.MAX_VALUE;
  private long letGoNanos = System.nanoTime();
  private long delivered;
  private long nextRequest = 1;
  private long readable;
  private long readableAt;
  private @Nullable ClosedLoop load;
  private @Nullable CompletableFuture<Long> firstCommit;

  LedgerNode(Participant self, List<Participant> all, Path directory, Durability durability)
      throws IOException {
    this.self = self;
    participants = all.stream().collect(Collectors.toMap(Participant::node, each -> each));
    SecureRandom random = new SecureRandom();
    volume = DirectoryVolume.open(directory);
    log = new JournaledEntryLog(0, 0, JournaledEntryLog.MEMORY_BYTES_DEFAULT);
    Configuration configuration = Configuration.NOBODY;
    for (Participant each : all) {
      configuration = configuration.withVoter(each);
    }
    Ledger.Kept nothing =
        new Ledger.Kept(new AppliedPoint(0, 0, configuration), new TermAndVote(0, null));
    Recovery recovery = new Recovery(log, nothing);
    JournalOptions options =
        new JournalOptions(
            new JournalId(random.nextLong(), random.nextLong()), SEGMENT_BYTES, random::nextLong);
    SegmentedJournal opened =
        SegmentedJournal.open(
            volume, options, 0, (_, type, body) -> recovery.recover(decode(type, body)));
    recovery.finish(nothing.base());
    journal = GroupCommit.start(opened, durability, GroupCommit.PENDING_BYTES_MAX_DEFAULT, this);
    log.onRecovered(journal, opened.recovery().endPosition());
    durablePosition = opened.recovery().endPosition();
    feed = new JournalFeed(journal);
    ledger = new RaftCore(self, LedgerTiming.DEFAULT, random::nextLong, recovery, 0);
    OverlayConfig config =
        new OverlayConfig(
            self.node(),
            Optional.of(CLUSTER),
            new OverlayConfig.Life(random.nextLong(), System.currentTimeMillis()),
            new Endpoint("127.0.0.1", 0),
            Optional.empty(),
            false,
            Timing.DEFAULT);
    overlay = NettyOverlay.open(config, loop, this, Admission.NONE).join();
  }

  private static LedgerRecord decode(int type, ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return LedgerRecordCodec.decode(type, bytes);
  }

  // From any thread

  Endpoint address() {
    return overlay.address();
  }

  /** Does something on the loop, and waits for it. */
  <T> T run(Callable<T> task) throws Exception {
    return loop.submit(task).get();
  }

  // On the loop

  void begin(Map<NodeId, Endpoint> peers) {
    peers.forEach(overlay::addPeer);
    isStarted = true;
    ledger.start(System.nanoTime(), this);
    scheduleFlush();
  }

  boolean isLeading() {
    return ledger.isLeader();
  }

  /** Whether there is a leader, known here. */
  boolean isLed() {
    return ledger.leader() != null;
  }

  long delivered() {
    return delivered;
  }

  CompletableFuture<LoadResult> propose(int perEntry, int outstanding, long nanos) {
    return begin(new ClosedLoop(false, perEntry, outstanding, nanos, nextRequest));
  }

  CompletableFuture<LoadResult> read(int outstanding, long nanos) {
    return begin(new ClosedLoop(true, 1, outstanding, nanos, nextRequest));
  }

  private CompletableFuture<LoadResult> begin(ClosedLoop begun) {
    load = begun;
    scheduleFlush();
    return begun.result();
  }

  /** When, by the wall clock, this participant next leads and has committed something as leader. */
  CompletableFuture<Long> nextLead() {
    firstCommit = new CompletableFuture<>();
    return firstCommit;
  }

  private void step(LedgerInput input) {
    ledger.step(input, System.nanoTime(), this);
    scheduleFlush();
  }

  private void scheduleFlush() {
    if (!isFlushScheduled) {
      isFlushScheduled = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    isFlushScheduled = false;
    try {
      onDurableHere();
      advanceLoad();
      ledger.flush(System.nanoTime(), this);
      while (feed.append()) {
        if (onDurableHere()) {
          ledger.flush(System.nanoTime(), this);
        }
      }
      letGo();
    } catch (IOException e) {
      onFailure(e);
    }
    scheduleWake();
  }

  private void advanceLoad() {
    ClosedLoop running = load;
    if (running != null) {
      running.advance(input -> ledger.step(input, System.nanoTime(), this));
      nextRequest = running.nextRequest();
      if (running.result().isDone()) {
        load = null;
      }
    }
  }

  private boolean onDurableHere() {
    boolean isMore = feed.onDurable(durableSequence);
    if (isMore) {
      ledger.step(new LedgerInput.Persisted(feed.durable().ofLedger()), System.nanoTime(), this);
      lastDurableIndex = ledger.durableIndex();
      log.onDurable(lastDurableIndex, durablePosition);
    }
    return isMore;
  }

  /** Nothing needs a state that was counted: what is old enough may go. */
  private void letGo() {
    long now = System.nanoTime();
    if (now - letGoNanos >= LET_GO_NANOS) {
      letGoNanos = now;
      long old = Math.min(log.indexBefore(durablePosition - RETAINED_BYTES), delivered);
      ledger.step(new LedgerInput.Snapshotted(old), now, this);
      journal.truncateBefore(log.neededFrom());
    }
  }

  private void scheduleWake() {
    long now = System.nanoTime();
    long wake = ledger.wakeAtNanos(now);
    if (wakeScheduledNanos == Long.MAX_VALUE || wake - wakeScheduledNanos < 0) {
      wakeScheduledNanos = wake;
      var _ = loop.schedule(() -> wake(wake), wake - now, TimeUnit.NANOSECONDS);
    }
  }

  private void wake(long scheduled) {
    if (wakeScheduledNanos == scheduled) {
      wakeScheduledNanos = Long.MAX_VALUE;
      step(LedgerInput.Tick.TICK);
    }
  }

  // What the overlay and the journal say

  @Override
  public void onMessage(NodeId source, Channel channel, byte[] payload) {
    Participant from = participants.get(source);
    if (channel == Channel.LEDGER && isStarted && from != null) {
      try {
        step(new LedgerInput.Received(from, LedgerCodec.decode(payload).message()));
      } catch (InvalidDataException e) {
        throw new IllegalStateException("a message that cannot be read", e);
      }
    }
  }

  @Override
  public void onDurable(long sequence, long position) {
    loop.execute(() -> {
      durableSequence = sequence;
      durablePosition = position;
      flush();
    });
  }

  @Override
  public void onFailure(IOException failure) {
    System.err.println("The journal has failed: " + failure);
    Runtime.getRuntime().halt(1);
  }

  // What the ledger asks for

  @Override
  public void persist(LedgerRecord record) {
    feed.add(record);
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    LedgerMessage.Envelope envelope =
        new LedgerMessage.Envelope(self.incarnation(), to.incarnation(), message);
    overlay.send(to.node(), Channel.LEDGER, LedgerCodec.encode(envelope));
  }

  @Override
  public void committed(List<Entry> entries) {
    delivered = entries.getLast().index();
    answerRead();
    CompletableFuture<Long> awaited = firstCommit;
    if (awaited != null && ledger.isLeader() && entries.getLast().term() == ledger.term()) {
      firstCommit = null;
      awaited.complete(System.currentTimeMillis());
    }
  }

  @Override
  public void proposed(long request, Outcome outcome) {
    if (load != null) {
      load.onProposed(request, outcome instanceof Outcome.Committed);
      scheduleFlush();
    }
  }

  @Override
  public void readable(long request, long index) {
    readable = request;
    readableAt = index;
    answerRead();
  }

  /** A read may be answered once all is there that was committed when it was asked for. */
  private void answerRead() {
    if (load != null && readable > 0 && delivered >= readableAt) {
      load.onRead(readable, true);
      readable = 0;
      scheduleFlush();
    }
  }

  @Override
  public void unreadable(long request) {
    if (load != null) {
      load.onRead(request, false);
      scheduleFlush();
    }
  }

  @Override
  public void configured(Configuration configuration) {}

  @Override
  public void led(@Nullable Participant leader, long term) {}

  @Override
  public void outdated() {
    throw new IllegalStateException("a disk that was empty at the start has been set back");
  }

  @Override
  public void needsSnapshot(Participant participant) {
    throw new IllegalStateException(
        participant + " is further behind than the " + RETAINED_BYTES + " bytes that are kept");
  }
}
