package io.moongate.cli.removal;

import io.moongate.cli.UserError;
import java.io.Console;
import java.io.PrintWriter;

/** The last question before something happens. */
final class Asking {
    private Asking() {}

    /** Returns when it was answered with {@code word}. */
    @SuppressWarnings("SystemConsoleNull") // Without a terminal it is, on a JDK whose console is not the one of jline.
    static void confirm(PrintWriter out, String word, boolean yes) {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new UserError("nobody can be asked, this is no terminal, add --yes if you are sure");
        }
        out.println();
        out.flush();
        String answer = console.readLine("type '%s' to go on: ", word);
        if (answer == null || !answer.strip().equals(word)) {
            throw new UserError("nothing was changed, the answer was not '" + word + "', run it again");
        }
    }
}
