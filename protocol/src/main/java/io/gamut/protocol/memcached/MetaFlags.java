package io.gamut.protocol.memcached;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The flags of a meta command, in the order in which they came, none of them twice. */
public record MetaFlags(List<MetaFlag> all) {
  public MetaFlags {
    all = List.copyOf(all);
  }

  public boolean has(char letter) {
    return find(letter).isPresent();
  }

  /** The token of a flag, empty for one without; nothing where the flag is not there. */
  public Optional<String> token(char letter) {
    return find(letter).map(MetaFlag::token);
  }

  /** The number behind a flag: one that the parser has read already. */
  public OptionalLong number(char letter) {
    Optional<MetaFlag> flag = find(letter);
    return flag.isEmpty() ? OptionalLong.empty() : number(flag.get());
  }

  /** The number that a flag's token is by its letter; nothing where it is none. */
  static OptionalLong number(MetaFlag flag) {
    return switch (flag.letter()) {
      case 'T', 'N', 'R' -> Numbers.signed(flag.token());
      case 'F' -> Numbers.flags(flag.token());
      default -> Numbers.unsigned(flag.token());
    };
  }

  /** The mode that a command is switched to; the command's own where it is not. */
  public char mode(char otherwise) {
    return token('M').map(token -> token.charAt(0)).orElse(otherwise);
  }

  private Optional<MetaFlag> find(char letter) {
    for (MetaFlag flag : all) {
      if (flag.letter() == letter) {
        return Optional.of(flag);
      }
    }
    return Optional.empty();
  }
}
