package io.gamut.replication.committed;

import io.gamut.core.Content;
import io.gamut.core.Version;

/** What is committed at a key. */
public record Row(Version version, Content content) {}
