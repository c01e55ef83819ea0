package io.gamut.simulator;

import static io.gamut.simulator.LedgerByHand.cluster;
import static io.gamut.simulator.LedgerByHand.exchange;
import static io.gamut.simulator.LedgerByHand.heartbeat;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.message.LedgerMessage;
import java.util.List;

/** A participant's disk is set back to an older copy, and others remember more than it does. */
enum OldDiskScenes {
  /** What it had acknowledged is committed by that, and would be lost with its vote. */
  A_DISK_SET_BACK_GIVES_NO_VOTE {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand leader = all[0];
      LedgerByHand back = all[1];
      LedgerByHand behind = all[2];
      int copy = back.copyDisk();
      long written = leader.propose("kept");
      exchange(leader, back);
      assertThat(leader.isCommitted(written)).isTrue();
      back.restartFrom(copy);
      back.deliver(leader);
      leader.deliver(back);
      assertThat(back.isOutdated()).isTrue();
      leader.take(behind.id);
      behind.stand();
      exchange(back, behind);
      behind.stand();
      exchange(back, behind);
      assertThat(behind.core.isLeader()).as("leads without what was committed").isFalse();
    }
  },

  A_VOTE_THAT_WAS_FORGOTTEN_IS_NOT_GIVEN_AGAIN {
    @Override
    void play() {
      LedgerByHand[] all = new LedgerByHand[3];
      for (int node = 1; node <= 3; node++) {
        all[node - 1] = new LedgerByHand(node, 3);
      }
      exchange(all);
      LedgerByHand forgetful = all[1];
      int copy = forgetful.copyDisk();
      all[0].stand();
      exchange(all[0], forgetful);
      assertThat(all[0].core.isLeader()).isTrue();
      forgetful.restartFrom(copy);
      forgetful.deliver(all[0]);
      all[0].deliver(forgetful);
      assertThat(forgetful.isOutdated()).isTrue();
    }
  },

  /** Nobody is asked for a vote that could still be forgotten, unless the others are silent. */
  WHO_STARTS_ASKS_BEFORE_IT_VOTES {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand back = all[1];
      LedgerByHand behind = all[2];
      int copy = back.copyDisk();
      long written = all[0].propose("kept");
      exchange(all[0], back);
      assertThat(all[0].isCommitted(written)).isTrue();
      back.restartFrom(copy);
      behind.stand();
      exchange(back, behind);
      assertThat(behind.core.isLeader()).as("the leader had no time to answer").isFalse();
      back.deliver(all[0]);
      all[0].deliver(back);
      assertThat(back.isOutdated()).isTrue();
    }
  },

  A_DISK_THAT_KEPT_ITS_WORD_IS_TRUSTED_WHOEVER_ANSWERS_LATE {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand back = all[1];
      back.restart();
      back.flush();
      List<LedgerMessage> early = back.take(all[0].id);
      heartbeat(all);
      long written = all[0].propose("later");
      exchange(all);
      assertThat(all[0].isCommitted(written)).isTrue();
      early.forEach(message -> all[0].receive(back.id, message));
      exchange(all);
      assertThat(back.isOutdated()).isFalse();
    }
  };

  abstract void play();
}
