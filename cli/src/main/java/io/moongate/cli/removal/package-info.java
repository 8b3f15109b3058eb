/** {@code moongate legacy-port}: whether the legacy port can be removed, and doing and undoing it. */
package io.moongate.cli.removal;
