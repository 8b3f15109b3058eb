package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.problem.ObjectRef;

/** An object of a kind that Moongate reads. */
public sealed interface Manifest {
    /** So many addresses, ports or labels take as much memory as a small object. */
    int PARTS_OF_ONE = 16;
    /** A Shoot has a plan, and a row in each report, which is written out as a whole. */
    int SHOOT = 3;

    ObjectRef ref();

    /** As how many objects it counts for {@link InputLimits#objects}. */
    default int weight() {
        int parts = switch (this) {
            case OfSeed(Seed seed) -> seed.zones().size();
            case OfShoot(Shoot shoot) ->
                shoot.advertised().size() + shoot.ipFamilies().size();
            case OfService(Service service) ->
                service.clusterIps().size()
                        + service.ports().size()
                        + service.selector().size();
            case OfEndpointSlice(EndpointSlice slice) ->
                slice.ports().size()
                        + slice.endpoints().stream()
                                .mapToInt(endpoint -> endpoint.addresses().size())
                                .sum();
            case OfConfiguration(MoongateConfiguration configuration) -> 0;
        };
        return (this instanceof OfShoot ? SHOOT : 1) + parts / PARTS_OF_ONE;
    }

    record OfSeed(Seed seed) implements Manifest {
        @Override
        public ObjectRef ref() {
            return new ObjectRef("Seed", "", seed.name());
        }
    }

    record OfShoot(Shoot shoot) implements Manifest {
        @Override
        public ObjectRef ref() {
            return new ObjectRef("Shoot", shoot.key().namespace(), shoot.key().name());
        }
    }

    record OfService(Service service) implements Manifest {
        @Override
        public ObjectRef ref() {
            return new ObjectRef("Service", service.namespace(), service.name());
        }
    }

    record OfEndpointSlice(EndpointSlice slice) implements Manifest {
        @Override
        public ObjectRef ref() {
            return new ObjectRef("EndpointSlice", slice.namespace(), slice.name());
        }
    }

    /** There is one configuration, whatever it is called. */
    record OfConfiguration(MoongateConfiguration configuration) implements Manifest {
        /** There is one, whatever its name. */
        public static final ObjectRef REF = new ObjectRef(MoongateConfiguration.KIND, "", "");

        @Override
        public ObjectRef ref() {
            return REF;
        }
    }
}
