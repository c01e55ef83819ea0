package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.lab.Lab;
import io.gamut.cli.lab.LabSettings;
import io.gamut.cli.lab.RequestFile;
import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "lab",
    description = {
      "Play a script on real servers whose links it cuts and mends.",
      "Standard output holds what the script asks to print, and nothing else; faults (with their"
          + " line numbers) and timings go to standard error. Status 1 when a command failed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nCommands, one a line:%n",
    footer = {
      "  joinServer ID              start a server, or start it again with its disk",
      "  killServer ID              kill it at once",
      "  joinClient CLIENT SERVER   start a client if needed, and connect it",
      "  breakConnection ID1 ID2    cut the link of two servers, or of a client and a server",
      "  createConnection ID1 ID2   create or restore it",
      "  put CLIENT KEY VALUE [@LEVEL]",
      "  get CLIENT KEY [@LEVEL]    print key:value, or key:ERR_KEY when there is no such key, or",
      "                             key:ERR_DEP when the server lacks what the client wrote or saw",
      "  stabilize                  wait until all values have reached all connected servers",
      "  printStore ID              print every pair that a server shows",
      "  consistency CLIENT LEVEL   eventual, session (default), causal, sequential, bounded,",
      "                             linearizable",
      "  partition 0,1 2,3,4        cut all links between groups (servers not named keep theirs)",
      "  heal                       mend all links",
      "  delay ID1 ID2 MS           slow a link down",
      "  slowdisk ID MS             make each sync of a server's disk take so much longer",
      "  fulldisk ID on|off         have a server find its disk full",
      "  clock ID MS                put a server's clock ahead (behind, if negative)",
      "  leader                     print which server leads, or ERR_NOQUORUM",
      "  pause ID, resume ID        stop a server's process, and let it go on",
      "  sleep MS, expect TEXT      wait; fail unless TEXT was the last line of output",
      "",
      "Also: addServer, addClient, listServer, killServer:ID, shutdownServer:ID, printKVPairs:ID,",
      "put:KEY:VALUE and get:KEY (linearizable, by any client), terminate,",
      "testKVS:NUM_KEYS:NUM_THREADS:NUM_REQUESTS:PUT_RATIO:TEST_CONSISTENCY:CRASH_SERVER:ADD_SERVER",
      ":REMOVE_SERVER; and requests of the form CONSISTENCY, REQUEST, DATA, such as '3, 1, k :::"
          + " v'",
      "(1 linearizable, 2 sequential, 3 causal, 4 eventual; 1 set, 2 get). # begins a comment.",
      "",
      "Examples:",
      "  gamut lab chain.lab",
      "  echo 'joinServer 0' | gamut lab",
      "  gamut lab --clients alice.txt bob.txt"
    })
final class LabCommand implements Callable<Integer> {
  private static final int SERVERS_MAX = 64;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The script; standard input without it.")
  private @Nullable Path script;

  @Option(
      names = "--embedded",
      description = "Run the servers in this process, which is faster to start.")
  private boolean embedded;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep the servers' data here. Without it they are removed at the end; with it, servers"
              + " have the data of the run before.")
  private @Nullable Path data;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      defaultValue = "0",
      description =
          "For measuring: milliseconds that each server's process spends on exercising its code"
              + " before it serves. Default: ${DEFAULT-VALUE}.")
  private int warmUpMillis;

  @Option(
      names = "--clients",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Files of requests, each played by a client of its own, all at the same time, on a new"
              + " cluster; print a report of every request.")
  private List<Path> clients = List.of();

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many servers --clients starts. Default: ${DEFAULT-VALUE}.")
  private int servers = 3;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireSense();
    // Embedded servers would warn of each link that the script cuts.
    System.setProperty("gamut.log.level", "ERROR");
    Path directory = data == null ? Files.createTempDirectory("gamut-lab-") : data;
    Files.createDirectories(directory);
    NodeLauncher launcher =
        embedded ? Launchers.embedded() : Launchers.fleetingProcesses(directory, warmUpMillis);
    LabSettings settings =
        new LabSettings(launcher, directory, server.durability, server.defaultLevel);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    Lab lab = new Lab(settings, out, LabCommand::say);
    // Also when the lab is interrupted: nothing that it started stays behind.
    Thread cleaner = Thread.ofPlatform().name("cleaner").unstarted(() -> clean(lab, directory));
    Runtime.getRuntime().addShutdownHook(cleaner);
    boolean done = play(lab);
    if (data != null) {
      lab.stopAll();
    }
    return done ? 0 : Gamut.EXIT_FAILED;
  }

  private boolean play(Lab lab) throws IOException, InterruptedException {
    if (!clients.isEmpty()) {
      return lab.playAtOnce(requestFiles(), servers);
    }
    try (InputStream in = script == null ? System.in : Files.newInputStream(script)) {
      return lab.play(in);
    }
  }

  private List<RequestFile> requestFiles() throws IOException {
    List<String> faults = new ArrayList<>();
    List<RequestFile> files = new ArrayList<>();
    for (Path client : clients) {
      files.add(RequestFile.read(client, faults));
    }
    if (!faults.isEmpty()) {
      throw new IOException(String.join(System.lineSeparator(), faults));
    }
    return files;
  }

  private void requireSense() {
    List<String> faults = new ArrayList<>();
    if (script != null && !clients.isEmpty()) {
      faults.add("either a script or --clients, not both");
    }
    if (warmUpMillis < 0 || warmUpMillis > NodeCommand.WARM_UP_MILLIS_MAX) {
      faults.add(
          "--warm-up is 0 to " + NodeCommand.WARM_UP_MILLIS_MAX + " ms, not " + warmUpMillis);
    }
    if (embedded && warmUpMillis != 0) {
      faults.add("--warm-up is for servers in processes of their own, not for --embedded");
    }
    if (servers < 1 || servers > SERVERS_MAX) {
      faults.add("--servers is 1 to " + SERVERS_MAX + ", not " + servers);
    }
    List<Path> files = new ArrayList<>(clients);
    if (script != null) {
      files.add(script);
    }
    for (Path file : files) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        faults.add("cannot read " + file);
      }
    }
    if (!faults.isEmpty()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.join(System.lineSeparator(), faults));
    }
  }

  private void clean(Lab lab, Path directory) {
    lab.killAll();
    if (data == null) {
      Directories.delete(directory);
    }
  }

  private static void say(String message) {
    message.lines().forEach(line -> System.err.println("gamut lab: " + line));
  }
}
