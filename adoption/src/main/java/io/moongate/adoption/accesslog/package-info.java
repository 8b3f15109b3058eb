/**
 * Evidence from Envoy: {@code AccessLogService} takes its access log over gRPC, {@code LogMessage} reads of it what is
 * needed, {@code EnvoyTunnels} makes tunnels of records, {@code Logs} knows who tells at all.
 */
package io.moongate.adoption.accesslog;
