package io.gamut.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Diagrams as they were drawn before. {@code -Dgamut.diagrams=record} draws them anew; each
 * difference is to be looked at before it is committed.
 */
final class SpaceTimeDiagramTest {
  private static final Path DRAWN =
      Path.of(System.getProperty("gamut.root", ".."))
          .resolve("verify/src/test/resources/io/gamut/verify/report");

  private static final boolean IS_RECORDING = "record".equals(System.getProperty("gamut.diagrams"));

  private static void requireAsBefore(String name, String drawn) throws IOException {
    Path file = DRAWN.resolve(name);
    if (IS_RECORDING) {
      Files.createDirectories(DRAWN);
      Files.writeString(file, drawn);
    }
    assertThat(drawn).as(name).isEqualTo(Files.readString(file));
  }

  private static Document parsed(String svg)
      throws ParserConfigurationException, SAXException, IOException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void diagramsAreDrawnAsBefore() throws IOException {
    requireAsBefore("stale-read.txt", Diagrams.staleRead().toText(100, false));
    requireAsBefore("lost-cause.txt", Diagrams.lostCause().toText(100, false));
    requireAsBefore("half-read.txt", Diagrams.halfRead().toText(100, false));
    requireAsBefore("half-read-narrow.txt", Diagrams.halfRead().toText(40, false));
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    for (int columns : new int[] {40, 60, 80, 120}) {
      assertThat(Diagrams.lostCause().toText(columns, false).lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
    }
  }

  @Test
  void coloursAreOnlyWhereTheyAreWanted() {
    assertThat(Diagrams.staleRead().toText(80, false)).doesNotContain("\u001b");
    assertThat(Diagrams.staleRead().toText(80, true)).contains("\u001b[1;31m");
  }

  @Test
  void aTerminalIsNotSteeredByValues() {
    assertThat(Diagrams.hostile().toText(80, false))
        .doesNotContain("\u001b", "\u0000", "\u202e", "\r");
  }

  @Test
  void picturesAreWellFormedAndSayWhatTheyShow() throws Exception {
    for (SpaceTimeDiagram diagram :
        new SpaceTimeDiagram[] {
          Diagrams.staleRead(), Diagrams.lostCause(), Diagrams.halfRead(), Diagrams.hostile()
        }) {
      Document svg = parsed(diagram.toSvg());
      assertThat(svg.getElementsByTagName("desc").getLength()).isEqualTo(1);
      assertThat(svg.getElementsByTagName("script").getLength()).isZero();
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
          .isEqualTo(Glyphs.printable(diagram.sentence(), Integer.MAX_VALUE));
    }
    assertThat(Diagrams.staleRead().toSvg()).contains("arrow red");
  }
}
