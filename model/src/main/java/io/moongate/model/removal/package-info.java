/** What has become of the legacy port. */
package io.moongate.model.removal;
