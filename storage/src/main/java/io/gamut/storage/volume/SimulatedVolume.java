package io.gamut.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A volume in memory that does everything to unsynced data that the contract of {@link Volume}
 * allows, the same for the same choices: for one thread, without clock or unseeded randomness.
 *
 * <p>Every operation that changes something (create, write, truncate, sync, rename, delete,
 * syncDirectory) has a number, counted from 0; {@link #inject} makes one of them go wrong. To try
 * every fault at every place, run a workload once, read {@link #operations()}, and run it again for
 * each number. To try many outcomes of one crash, {@link #copy()} the volume before {@link
 * #crash(CrashChooser)}.
 */
public final class SimulatedVolume implements Volume {
  private final SimulatedDirectory directory;
  private final Map<Long, SectorStore> files = new HashMap<>();
  private final Map<Long, SimulatedFault> faults = new HashMap<>();
  private final CrashChooser chooser;
  private byte[] stale = new byte[0];
  private long capacityBytes = Long.MAX_VALUE;
  private long operations;
  private long filesCreated;
  private int life;
  private boolean dead;

  public SimulatedVolume(CrashChooser chooser) {
    this.chooser = chooser;
    this.directory = new SimulatedDirectory();
  }

  private SimulatedVolume(SimulatedVolume other) {
    chooser = other.chooser;
    directory = new SimulatedDirectory(other.directory);
    other.files.forEach((id, file) -> files.put(id, new SectorStore(file)));
    faults.putAll(other.faults);
    stale = other.stale;
    capacityBytes = other.capacityBytes;
    operations = other.operations;
    filesCreated = other.filesCreated;
    life = other.life;
    dead = other.dead;
  }

  /** A volume whose crashes are decided by a seed. */
  public static SimulatedVolume seeded(long seed) {
    return new SimulatedVolume(CrashChooser.seeded(seed));
  }

  /**
   * The disk as it is now, unsynced data included, as a volume of its own: to try another outcome
   * on, or to be put back later as an old copy. The chooser is shared; files open here are not open
   * there.
   */
  public SimulatedVolume copy() {
    return new SimulatedVolume(this);
  }

  /** How many operations that change something were begun so far. */
  public long operations() {
    return operations;
  }

  /** Makes the operation of this number go wrong. */
  public void inject(long operation, SimulatedFault fault) {
    faults.put(operation, fault);
  }

  /** Bounds the sum of the lengths of all files; what would pass it finds the disk full. */
  public void limitCapacity(long bytes) {
    capacityBytes = bytes;
  }

  /** Turns one bit of a file over, on the disk and for readers; bit 0 is the lowest of byte 0. */
  public void flipBit(String name, long bit) throws IOException {
    file(name).flipBit(bit);
  }

  /** The death of the machine and its restart, decided by this volume's own chooser. */
  public void crash() {
    crash(chooser);
  }

  /** The death of the machine and its restart: all open files are gone, unsynced data may be. */
  public void crash(CrashChooser decider) {
    life++;
    dead = false;
    directory.crash(decider);
    files.keySet().retainAll(directory.reachable());
    files.keySet().stream().sorted().forEach(id -> requireFile(id).crash(decider, stale));
  }

  /**
   * The death of the process alone, and its restart: all open files are gone, nothing else is lost.
   * What a failed sync left in doubt stays so.
   */
  public void killProcess() {
    life++;
    dead = false;
  }

  @Override
  public VolumeFile create(String name, long lengthBytes) throws IOException {
    SimulatedFault fault = begin("create " + name);
    if (directory.names().containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    if (fault != SimulatedFault.CRASH) {
      fail(fault, "create " + name);
      requireRoom(name, lengthBytes);
    }
    long id = filesCreated++;
    files.put(id, new SectorStore(lengthBytes));
    directory.add(name, id);
    fail(fault, "create " + name);
    return new OpenFile(name, requireFile(id));
  }

  @Override
  public VolumeFile open(String name) throws IOException {
    requireAlive("open " + name);
    return new OpenFile(name, file(name));
  }

  @Override
  public List<String> list() {
    requireAlive("list");
    return List.copyOf(directory.names().keySet());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    SimulatedFault fault = begin("rename " + from);
    long id = requireId(from);
    if (directory.names().containsKey(to)) {
      throw new FileAlreadyExistsException(to);
    }
    if (fault == SimulatedFault.CRASH || fault == null) {
      directory.rename(from, to, id);
    }
    fail(fault, "rename " + from);
  }

  @Override
  public void delete(String name) throws IOException {
    SimulatedFault fault = begin("delete " + name);
    long id = requireId(name);
    if (fault == SimulatedFault.CRASH || fault == null) {
      stale = requireFile(id).current().clone();
      directory.remove(name, id);
    }
    fail(fault, "delete " + name);
  }

  @Override
  public void syncDirectory() throws IOException {
    fail(begin("sync the directory"), "sync the directory");
    directory.sync();
    files.keySet().retainAll(directory.reachable());
  }

  /** Does nothing: a volume in memory has no lock to give back, and can be used again at once. */
  @Override
  public void close() {}

  private @Nullable SimulatedFault begin(String what) {
    requireAlive(what);
    SimulatedFault fault = faults.get(operations);
    operations++;
    return fault;
  }

  private void fail(@Nullable SimulatedFault fault, String what) throws IOException {
    if (fault == null) {
      return;
    }
    String message = "could not " + what + " (injected at operation " + (operations - 1) + ")";
    switch (fault) {
      case ERROR -> throw new IOException(message + ": input/output error");
      case FULL -> throw new VolumeFullException(message + ": the disk is full");
      case CRASH -> {
        dead = true;
        throw new SimulatedCrash(message + ": the machine died");
      }
    }
  }

  private void requireAlive(String what) {
    if (dead) {
      throw new SimulatedCrash("could not " + what + ": the machine is dead until crash()");
    }
  }

  private void requireRoom(String name, long moreBytes) throws VolumeFullException {
    long taken = files.values().stream().mapToLong(SectorStore::length).sum();
    if (moreBytes > capacityBytes - taken) {
      throw new VolumeFullException(
          "could not write to " + name + ": the disk of " + capacityBytes + " bytes is full");
    }
  }

  private SectorStore file(String name) throws NoSuchFileException {
    return requireFile(requireId(name));
  }

  private long requireId(String name) throws NoSuchFileException {
    Long id = directory.names().get(name);
    if (id == null) {
      throw new NoSuchFileException(name, null, "there is no such file");
    }
    return id;
  }

  private SectorStore requireFile(long id) {
    SectorStore file = files.get(id);
    if (file == null) {
      throw new IllegalStateException("file " + id + " has a name and no bytes");
    }
    return file;
  }

  /** A file opened in one life of the machine; it is dead in the next. */
  private final class OpenFile implements VolumeFile {
    private final String name;
    private final SectorStore store;
    private final int openedIn = life;
    private boolean closed;

    OpenFile(String name, SectorStore store) {
      this.name = name;
      this.store = store;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long length() throws IOException {
      requireOpen();
      return store.length();
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      requireOpen();
      SimulatedFault fault = begin("write to " + name);
      requireRoom(name, Math.max(0, position + source.remaining() - store.length()));
      ByteBuffer written = source.duplicate();
      source.position(source.limit());
      if (fault == SimulatedFault.ERROR || fault == SimulatedFault.FULL) {
        written.limit(written.position() + written.remaining() / 2);
      }
      store.write(Math.toIntExact(position), written);
      fail(fault, "write to " + name);
    }

    @Override
    public void write(long position, ByteBuffer... sources) throws IOException {
      int bytes = 0;
      for (ByteBuffer source : sources) {
        bytes += source.remaining();
      }
      ByteBuffer joined = ByteBuffer.allocate(bytes);
      for (ByteBuffer source : sources) {
        joined.put(source);
      }
      write(position, joined.flip());
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      requireOpen();
      return store.read(Math.toIntExact(position), target);
    }

    @Override
    public void sync() throws IOException {
      requireOpen();
      SimulatedFault fault = begin("sync " + name);
      if (fault == SimulatedFault.ERROR || fault == SimulatedFault.FULL) {
        store.failSync();
      }
      fail(fault, "sync " + name);
      store.sync();
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      requireOpen();
      SimulatedFault fault = begin("truncate " + name);
      if (fault == SimulatedFault.CRASH || fault == null) {
        store.truncate(Math.toIntExact(lengthBytes));
      }
      fail(fault, "truncate " + name);
    }

    @Override
    public void close() {
      closed = true;
    }

    private void requireOpen() throws IOException {
      requireAlive("use " + name);
      if (closed || openedIn != life) {
        throw new IOException("could not use " + name + ": it is closed. Open it again");
      }
    }
  }
}
