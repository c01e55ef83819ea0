package io.gamut.cli.lab;

import io.gamut.cli.launch.NodeLauncher;
import io.gamut.core.Consistency;
import io.gamut.storage.journal.Durability;
import java.nio.file.Path;

/**
 * How the lab starts servers.
 *
 * @param data the directory under which each server has its own
 */
public record LabSettings(
    NodeLauncher launcher, Path data, Durability durability, Consistency defaultLevel) {}
