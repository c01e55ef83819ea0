package io.gamut.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An open file of a {@link DirectoryVolume}. */
final class DirectoryFile implements VolumeFile {
  private final Path path;
  private final FileChannel channel;

  DirectoryFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public String name() {
    return String.valueOf(path.getFileName());
  }

  @Override
  public long length() throws IOException {
    try {
      return channel.size();
    } catch (IOException e) {
      throw DiskErrors.explained("could not ask for the length of", path, e);
    }
  }

  @Override
  public void write(long position, ByteBuffer source) throws IOException {
    int bytes = source.remaining();
    long at = position;
    try {
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (IOException e) {
      throw DiskErrors.explained(attempt("write", bytes, position), path, e);
    }
  }

  @Override
  public void write(long position, ByteBuffer... sources) throws IOException {
    long bytes = 0;
    for (ByteBuffer source : sources) {
      bytes += source.remaining();
    }
    try {
      channel.position(position);
      for (long left = bytes; left > 0; ) {
        left -= channel.write(sources);
      }
    } catch (IOException e) {
      throw DiskErrors.explained(attempt("write", bytes, position), path, e);
    }
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    long at = position;
    try {
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          break;
        }
        at += read;
      }
      return (int) (at - position);
    } catch (IOException e) {
      throw DiskErrors.explained(attempt("read", wanted, position), path, e);
    }
  }

  @Override
  public void sync() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw DiskErrors.explained("could not sync", path, e);
    }
  }

  @Override
  public void truncate(long lengthBytes) throws IOException {
    try {
      channel.truncate(lengthBytes);
    } catch (IOException e) {
      throw DiskErrors.explained("could not cut to " + lengthBytes + " bytes", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static String attempt(String verb, long bytes, long position) {
    return "could not " + verb + " " + bytes + " bytes at " + position + " of";
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
