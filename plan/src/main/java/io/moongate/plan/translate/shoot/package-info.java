/** The objects in a shoot's own cluster, where the operator manages them: VPN client, API server proxy, probe. */
package io.moongate.plan.translate.shoot;
