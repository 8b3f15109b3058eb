/** {@code moongate run}: the whole thing in one process. {@code RunLoop} is the flow, the others are its ends. */
package io.moongate.cli.run;
