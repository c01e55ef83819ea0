package io.gamut.server.request;

import io.gamut.core.Consistency;
import org.jspecify.annotations.Nullable;

/**
 * What a client has said, to be told later how it was answered.
 *
 * @param command its name
 * @param key its first; null of a command without keys
 * @param level that was asked for, which may be less than was had
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Said(String command, byte @Nullable [] key, Consistency level) {}
