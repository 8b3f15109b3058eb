package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.problem.ObjectRef;

/** An object of a kind that Moongate reads. */
public sealed interface Manifest {
    ObjectRef ref();

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
