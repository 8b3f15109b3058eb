/** {@code moongate adoption}: reports of running moongates, read, merged and printed. */
package io.moongate.cli.adoption;
