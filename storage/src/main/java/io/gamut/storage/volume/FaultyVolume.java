package io.gamut.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A volume whose disk has {@link DiskFaults}, whenever they are asked for. */
public final class FaultyVolume implements Volume {
  private final Volume volume;
  private final DiskFaults faults;

  /**
   * @param volume is closed by closing this one
   */
  public FaultyVolume(Volume volume, DiskFaults faults) {
    this.volume = volume;
    this.faults = faults;
  }

  @Override
  public VolumeFile create(String name, long lengthBytes) throws IOException {
    faults.beforeWrite(name);
    return new FaultyFile(volume.create(name, lengthBytes), faults);
  }

  @Override
  public VolumeFile open(String name) throws IOException {
    return new FaultyFile(volume.open(name), faults);
  }

  @Override
  public List<String> list() throws IOException {
    return volume.list();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    volume.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    volume.delete(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    faults.beforeSync();
    volume.syncDirectory();
  }

  @Override
  public void close() throws IOException {
    volume.close();
  }

  @Override
  public String toString() {
    return volume.toString();
  }

  private record FaultyFile(VolumeFile file, DiskFaults faults) implements VolumeFile {
    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      faults.beforeWrite(name());
      file.write(position, source);
    }

    @Override
    public void write(long position, ByteBuffer... sources) throws IOException {
      faults.beforeWrite(name());
      file.write(position, sources);
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      return file.read(position, target);
    }

    @Override
    public void sync() throws IOException {
      faults.beforeSync();
      file.sync();
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      file.truncate(lengthBytes);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
