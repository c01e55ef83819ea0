package io.gamut.replication.group;

import io.gamut.core.Reply;
import io.gamut.replication.Effects;
import io.gamut.replication.strong.StrongEffects;

/**
 * What a group's replica asks the outside to do. Records of both kinds go to one journal, in the
 * order in which they are given.
 */
public interface GroupEffects extends Effects, StrongEffects {
  /** Answer a request; both stores must be committed before the answer leaves. */
  @Override
  void reply(long request, Reply reply);
}
