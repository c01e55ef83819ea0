package io.gamut.verify.report;

import java.util.Arrays;

/** Cells of characters, in which lines that cross and meet join each other. */
final class Canvas {
  static final int UP = 1;
  static final int DOWN = 2;
  static final int LEFT = 4;
  static final int RIGHT = 8;

  /** By the directions in which a line leaves a cell. */
  private static final String THIN = " ╵╷│╴┘┐┤╶└┌├─┴┬┼";

  private static final String DOUBLE = " ║║║═╝╗╣═╚╔╠═╩╦╬";
  private static final String RED = "\u001b[1;31m";
  private static final String PLAIN = "\u001b[0m";

  private final int columns;
  private final char[][] glyphs;
  private final byte[][] lines;
  private final boolean[][] marks;

  Canvas(int rows, int columns) {
    this.columns = columns;
    glyphs = new char[rows][columns];
    lines = new byte[rows][columns];
    marks = new boolean[rows][columns];
  }

  /** A line through a cell; behind a glyph it is not seen, and a marked one covers others. */
  void line(int row, int column, int directions, boolean isMarked) {
    if (isMarked && !marks[row][column]) {
      lines[row][column] = 0;
    }
    if (isMarked || !marks[row][column]) {
      lines[row][column] |= (byte) directions;
      marks[row][column] = isMarked;
    }
  }

  void glyph(int row, int column, char glyph, boolean isMarked) {
    glyphs[row][column] = glyph;
    marks[row][column] = isMarked;
  }

  /** Writes a text as far as there is room. */
  void text(int row, int column, String text, boolean isMarked) {
    for (int i = 0; i < text.length() && column + i < columns; i++) {
      glyph(row, column + i, text.charAt(i), isMarked);
    }
  }

  void horizontal(int row, int from, int to, boolean isMarked) {
    int first = Math.min(from, to);
    int last = Math.max(from, to);
    for (int column = first; column <= last; column++) {
      int directions = (column > first ? LEFT : 0) | (column < last ? RIGHT : 0);
      line(row, column, directions, isMarked);
    }
  }

  void vertical(int column, int from, int to, boolean isMarked) {
    int first = Math.min(from, to);
    int last = Math.max(from, to);
    for (int row = first; row <= last; row++) {
      int directions = (row > first ? UP : 0) | (row < last ? DOWN : 0);
      line(row, column, directions, isMarked);
    }
  }

  boolean isFree(int row, int from, int to) {
    for (int column = from; column <= to; column++) {
      if (lines[row][column] != 0 || glyphs[row][column] != 0) {
        return false;
      }
    }
    return true;
  }

  /** A part of a row; what is marked is red, if colours are wanted. */
  String row(int row, int from, int to, boolean hasColours) {
    StringBuilder text = new StringBuilder();
    boolean isRed = false;
    for (int column = from; column < Math.min(to, columns); column++) {
      boolean isMarked = marks[row][column];
      if (hasColours && isMarked != isRed) {
        text.append(isMarked ? RED : PLAIN);
        isRed = isMarked;
      }
      char glyph = glyphs[row][column];
      String shapes = isMarked ? DOUBLE : THIN;
      text.append(glyph == 0 ? shapes.charAt(lines[row][column]) : glyph);
    }
    return text.append(isRed ? PLAIN : "").toString();
  }

  /** The glyphs of a row, for tests of whether it is empty. */
  boolean isEmpty(int row) {
    return isFree(row, 0, columns - 1) && Arrays.equals(glyphs[row], new char[columns]);
  }
}
