package io.gamut.cli.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of the two dialects that have names: words behind spaces, and behind colons. */
final class Dialects {
  /** Any number of arguments. */
  private static final int MANY = Integer.MAX_VALUE;

  private static final String TEST_KVS =
      "NUM_KEYS:NUM_THREADS:NUM_REQUESTS:PUT_RATIO:TEST_CONSISTENCY:CRASH_SERVER:ADD_SERVER"
          + ":REMOVE_SERVER";
  private static final int COUNT_MAX = 100_000_000;
  private static final int THREADS_MAX = 10_000;

  private Dialects() {}

  static Map<String, Form> words() {
    Map<String, Form> forms = new LinkedHashMap<>();
    forms.put("joinServer", Form.of("ID", 1, words -> new Step.JoinServer(words.id(0))));
    forms.put("killServer", Form.of("ID", 1, words -> new Step.KillServer(words.id(0))));
    forms.put(
        "joinClient",
        Form.of("CLIENT SERVER", 2, words -> new Step.JoinClient(words.id(0), words.id(1))));
    forms.put(
        "breakConnection",
        Form.of("ID1 ID2", 2, words -> new Step.BreakConnection(words.id(0), words.id(1))));
    forms.put(
        "createConnection",
        Form.of("ID1 ID2", 2, words -> new Step.CreateConnection(words.id(0), words.id(1))));
    forms.put("stabilize", Form.of("", 0, _ -> new Step.Stabilize()));
    forms.put("printStore", Form.of("ID", 1, words -> new Step.PrintStore(words.id(0))));
    forms.put("put", new Form("CLIENT KEY VALUE [@LEVEL]", 3, 4, Dialects::put));
    forms.put("get", new Form("CLIENT KEY [@LEVEL]", 2, 3, Dialects::get));
    addOwn(forms);
    return forms;
  }

  private static void addOwn(Map<String, Form> forms) {
    forms.put(
        "consistency",
        Form.of("CLIENT LEVEL", 2, words -> new Step.SetLevel(words.id(0), words.level(1))));
    forms.put("partition", new Form("0,1 2,3,4", 2, MANY, Dialects::partition));
    forms.put("heal", Form.of("", 0, _ -> new Step.Heal()));
    forms.put(
        "delay",
        Form.of(
            "ID1 ID2 MS", 3, words -> new Step.Delay(words.id(0), words.id(1), words.millis(2))));
    forms.put("pause", Form.of("ID", 1, words -> new Step.Pause(words.id(0))));
    forms.put("resume", Form.of("ID", 1, words -> new Step.Resume(words.id(0))));
    forms.put(
        "slowdisk",
        Form.of("ID MS", 2, words -> new Step.SlowDisk(words.id(0), words.slownessMillis(1))));
    forms.put(
        "fulldisk",
        Form.of("ID on|off", 2, words -> new Step.FullDisk(words.id(0), words.isOn(1))));
    forms.put(
        "clock",
        Form.of("ID MS", 2, words -> new Step.SetClock(words.id(0), words.aheadMillis(1))));
    forms.put("leader", Form.of("", 0, _ -> new Step.Leader()));
    forms.put("sleep", Form.of("MS", 1, words -> new Step.Sleep(words.millis(0))));
    forms.put("expect", new Form("TEXT", 1, MANY, words -> new Step.Expect(words.all())));
  }

  static Map<String, Form> colons() {
    Map<String, Form> forms = new LinkedHashMap<>();
    forms.put("addServer", Form.of("", 0, _ -> new Step.AddServer()));
    forms.put("addClient", Form.of("", 0, _ -> new Step.AddClient()));
    forms.put("listServer", Form.of("", 0, _ -> new Step.ListServers()));
    forms.put("killServer", Form.of("ID", 1, words -> new Step.KillServer(words.id(0))));
    forms.put("shutdownServer", Form.of("ID", 1, words -> new Step.ShutdownServer(words.id(0))));
    forms.put(
        "put",
        new Form(
            "KEY:VALUE",
            2,
            MANY,
            words -> new Step.PutAnywhere(words.key(0), words.valueFrom(1, ":"))));
    forms.put("get", Form.of("KEY", 1, words -> new Step.GetAnywhere(words.key(0))));
    forms.put("printKVPairs", Form.of("ID", 1, words -> new Step.PrintStore(words.id(0))));
    forms.put("testKVS", Form.of(TEST_KVS, 8, Dialects::testKvs));
    forms.put("terminate", Form.of("", 0, _ -> new Step.Terminate()));
    return forms;
  }

  private static Step testKvs(Words words) throws ScriptException {
    return new Step.TestKvs(
        words.number(0, 1, COUNT_MAX, "a number of keys"),
        words.number(1, 1, THREADS_MAX, "a number of threads"),
        words.number(2, 0, COUNT_MAX, "a number of requests"),
        words.number(3, 0, 100, "a percentage"),
        words.flag(4),
        words.flag(5),
        words.flag(6),
        words.flag(7));
  }

  private static Step put(Words words) throws ScriptException {
    return new Step.Put(
        words.id(0),
        words.key(1),
        words.value(2),
        words.count() > 3 ? words.levelBehindAt(3) : null);
  }

  private static Step get(Words words) throws ScriptException {
    return new Step.Get(
        words.id(0), words.key(1), words.count() > 2 ? words.levelBehindAt(2) : null);
  }

  private static Step partition(Words words) throws ScriptException {
    List<List<Integer>> groups = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < words.count(); i++) {
      List<Integer> group = words.ids(i);
      for (int id : group) {
        if (all.contains(id)) {
          throw new ScriptException("server " + id + " is named twice");
        }
        all.add(id);
      }
      groups.add(group);
    }
    return new Step.Partition(groups);
  }
}
