/** Evidence of real tunnels: gathered in memory, kept in a file that survives every restart. */
package io.moongate.adoption.evidence;
