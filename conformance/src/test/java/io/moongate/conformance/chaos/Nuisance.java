package io.moongate.conformance.chaos;

import java.io.IOException;
import java.util.Random;

/** One kind of odd input. What the process answers is not its matter: it may refuse, close or ignore. */
interface Nuisance {
    /** Sends one, and is done with it within seconds. An IOException is an answer, too. */
    void once(Random random) throws IOException, InterruptedException;
}
