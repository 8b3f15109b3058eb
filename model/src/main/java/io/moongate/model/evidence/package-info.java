/** What is seen of real tunnels, shoot by shoot and port by port. */
package io.moongate.model.evidence;
