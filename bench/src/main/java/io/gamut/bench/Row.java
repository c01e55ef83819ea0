package io.gamut.bench;

/** A line of a table of measurements. */
public record Row(String what, String figure) {}
