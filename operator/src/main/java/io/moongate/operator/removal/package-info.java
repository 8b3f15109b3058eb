/**
 * The removal of the legacy port in a cluster. The witness decides and publishes ({@code Herald}); operator and gateways
 * follow what is published ({@code PublishedLegacyPort}).
 */
package io.moongate.operator.removal;
