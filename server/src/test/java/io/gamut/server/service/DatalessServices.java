package io.gamut.server.service;

import io.gamut.core.Ends;
import io.gamut.core.Reply;
import io.gamut.replication.remote.Answered;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** A node that holds nothing, as a gateway: whatever it is asked goes to the test. */
public final class DatalessServices {
  private DatalessServices() {}

  /** Is given what it must ask others. */
  public interface Others {
    /**
     * Answers now, or later.
     *
     * @param request makes the request of a number, as the replica has it
     */
    void ask(LongFunction<?> request, Consumer<Reply> answer);
  }

  /** One that does no more than reads need. */
  @SuppressWarnings("unchecked")
  public static NodeServices asking(Others others, Supplier<Ends> ends) {
    return (NodeServices)
        Proxy.newProxyInstance(
            NodeServices.class.getClassLoader(),
            new Class<?>[] {NodeServices.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "holdsData", "isReadable", "isOverloaded" -> false;
                  case "clock" -> InstantSource.system();
                  case "ends" -> ends.get();
                  case "replica" -> null;
                  case "submit", "submitStrong" -> {
                    others.ask(
                        (LongFunction<?>) arguments[0],
                        answering((Consumer<Answered<Reply>>) arguments[1]));
                    yield null;
                  }
                  default ->
                      throw new UnsupportedOperationException("reads need no " + method.getName());
                });
  }

  private static Consumer<Reply> answering(Consumer<Answered<Reply>> then) {
    return reply -> then.accept(Answered.byNone(reply));
  }
}
