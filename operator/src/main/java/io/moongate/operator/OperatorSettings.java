package io.moongate.operator;

import io.moongate.plan.Planner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an operator finds what it needs, and for which seed it is.
 *
 * @param configuration a folder that holds the MoongateConfiguration
 * @param gardenKubeconfig empty: the garden is the seed
 * @param seedKubeconfig empty: the cluster in which this runs, else as kubectl finds one
 * @param seedName the seed that this operator is responsible for
 * @param inputs feature gates of the command line
 * @param leaseNamespace in the seed
 * @param gatewayService that of our own gateways, in the same namespace
 */
public record OperatorSettings(
        Path configuration,
        Optional<Path> gardenKubeconfig,
        Optional<Path> seedKubeconfig,
        String seedName,
        Planner.Inputs inputs,
        String leaseNamespace,
        String gatewayService,
        String identity) {}
