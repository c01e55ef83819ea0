package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Vectors form a lattice: join and meet obey its laws, and covers is its order. */
final class VersionVectorTest {
  private static final int ROUNDS = 20_000;

  private static VersionVector vector(SplittableRandom random) {
    VersionVector vector = VersionVector.EMPTY;
    int entries = random.nextInt(6);
    for (int i = 0; i < entries; i++) {
      vector = vector.with(origin(random), 1 + random.nextInt(4));
    }
    return vector;
  }

  private static Origin origin(SplittableRandom random) {
    return new Origin(random.nextInt(3) - 1, random.nextInt(2));
  }

  private static void repeat(Consumer<SplittableRandom> property) {
    for (long seed = 0; seed < ROUNDS; seed++) {
      try {
        property.accept(new SplittableRandom(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void joinIsTheLeastVectorThatCoversBoth() {
    repeat(random -> {
      VersionVector one = vector(random);
      VersionVector other = vector(random);
      VersionVector join = one.join(other);
      assertThat(join.covers(one) && join.covers(other)).isTrue();
      VersionVector bound = vector(random);
      if (bound.covers(one) && bound.covers(other)) {
        assertThat(bound.covers(join)).isTrue();
      }
      assertThat(join).isEqualTo(other.join(one)).hasSameHashCodeAs(other.join(one));
      assertThat(one.join(one)).isEqualTo(one);
      assertThat(join.join(bound)).isEqualTo(one.join(other.join(bound)));
    });
  }

  @Test
  void meetIsTheGreatestVectorThatBothCover() {
    repeat(random -> {
      VersionVector one = vector(random);
      VersionVector other = vector(random);
      VersionVector meet = one.meet(other);
      assertThat(one.covers(meet) && other.covers(meet)).isTrue();
      VersionVector bound = vector(random);
      if (one.covers(bound) && other.covers(bound)) {
        assertThat(meet.covers(bound)).isTrue();
      }
      assertThat(meet).isEqualTo(other.meet(one));
      assertThat(meet.meet(bound)).isEqualTo(one.meet(other.meet(bound)));
      assertThat(one.join(meet)).isEqualTo(one);
      assertThat(one.meet(one.join(other))).isEqualTo(one);
    });
  }

  @Test
  void coversIsAnOrder() {
    repeat(random -> {
      VersionVector one = vector(random);
      VersionVector other = vector(random);
      assertThat(one.covers(one)).isTrue();
      assertThat(one.covers(VersionVector.EMPTY)).isTrue();
      assertThat(one.covers(other) && other.covers(one)).isEqualTo(one.equals(other));
      assertThat(one.covers(other)).isEqualTo(one.join(other).equals(one));
      Dot dot = new Dot(origin(random), 1 + random.nextInt(4));
      assertThat(one.covers(dot)).isEqualTo(one.covers(VersionVector.of(dot)));
      assertThat(one.raisedTo(dot)).isEqualTo(one.join(VersionVector.of(dot)));
    });
  }

  @Test
  void anEntryIsSetAndTakenOut() {
    repeat(random -> {
      VersionVector vector = vector(random);
      Origin origin = origin(random);
      VersionVector changed = vector.with(origin, 9);
      assertThat(changed.get(origin)).isEqualTo(9);
      assertThat(changed.with(origin, vector.get(origin))).isEqualTo(vector);
      assertThat(vector.with(origin, 0).get(origin)).isZero();
    });
  }

  @Test
  void comesBackFromItsEncodingAndFromNoPartOfIt() {
    repeat(random -> {
      VersionVector vector = vector(random);
      BinaryWriter out = new BinaryWriter();
      vector.write(out);
      byte[] bytes = out.toByteArray();
      BinaryReader in = new BinaryReader(bytes);
      assertThat(VersionVector.read(in)).isEqualTo(vector);
      in.requireEnd();
      int cut = random.nextInt(bytes.length);
      assertThatThrownBy(() -> VersionVector.read(new BinaryReader(bytes, 0, cut)))
          .isInstanceOf(InvalidDataException.class);
    });
  }
}
