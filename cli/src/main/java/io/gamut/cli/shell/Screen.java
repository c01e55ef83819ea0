package io.gamut.cli.shell;

import java.util.List;

/** What a shell can do only at a terminal. */
public interface Screen {
  /** Lines typed so far, oldest first. */
  List<String> history();

  void clear();
}
