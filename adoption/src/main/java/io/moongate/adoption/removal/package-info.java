/** Whether the legacy port can be removed, and what has been decided about it: pure. */
package io.moongate.adoption.removal;
