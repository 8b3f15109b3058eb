package io.moongate.operator.shoots.status;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.operator.apply.RawRequests;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the two entries of a Shoot's status that are about the unified port, in the way that the garden's API server
 * offers. It never changes an entry of another type, nor one of these types that another author has written.
 */
public final class ConditionWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ConditionWriter.class);
    private static final String API = "/apis/" + StatusPatch.API_VERSION;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNKNOWN_PATCH = 415;
    private static final int TEST_FAILED = 422;
    /** Somebody else may write the same Shoot many times a second. */
    private static final int TRIES = 20;

    private static final int LONGEST_PAUSE_MILLIS = 50;

    private final RawRequests garden;
    private Optional<StatusLists> lists = Optional.empty();

    /** @param garden stays the caller's */
    public ConditionWriter(KubernetesClient garden) {
        this.garden = new RawRequests(garden);
    }

    /**
     * Leaves an entry alone that another author has written, also one that appears meanwhile: what adds or removes an
     * entry holds only for the version that was read.
     *
     * @throws KubernetesClientException when it is not written; a Shoot that is gone has no condition to be written
     */
    public void write(ShootKey shoot, Adoption adoption) {
        try {
            for (int left = TRIES; !wrote(shoot, adoption, left == 0); left--) {
                pause();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == UNKNOWN_PATCH) {
                // The API server is another than it was: the next write asks it anew.
                forget();
            }
            if (!isGone(shoot, e)) {
                throw e;
            }
        }
    }

    /** False where somebody else has written the Shoot meanwhile. */
    private boolean wrote(ShootKey shoot, Adoption adoption, boolean last) {
        StatusLists form = lists();
        Map<String, Object> read = garden.read(path(shoot));
        var entries = new OwnEntries(read, declarationsOf(shoot, read), adoption);
        if (entries.isEmpty()) {
            return true;
        }
        StatusPatch patch = switch (form) {
            case MAP_BY_TYPE -> StatusPatch.apply(shoot, entries);
            case MERGE_KEY -> StatusPatch.merge(entries);
            case ATOMIC -> StatusPatch.places(entries);
        };
        try {
            garden.send("PATCH", path(shoot) + "/status" + patch.query(), patch.contentType(), patch.body());
            return true;
        } catch (KubernetesClientException e) {
            if (last || (e.getCode() != CONFLICT && e.getCode() != TEST_FAILED)) {
                throw e;
            }
            return false;
        }
    }

    private static Declarations declarationsOf(ShootKey shoot, Map<String, Object> read) {
        var contents = ManifestReader.read("garden", read);
        for (Manifest manifest : contents.good()) {
            if (manifest instanceof Manifest.OfShoot(Shoot found)) {
                return found.declared();
            }
        }
        throw new KubernetesClientException("Shoot " + shoot + " cannot be read: " + contents.problems());
    }

    /** Not so when it is the kind that is not served now. */
    private static boolean isGone(ShootKey shoot, KubernetesClientException e) {
        Status status = e.getStatus();
        return e.getCode() == NOT_FOUND
                && status != null
                && status.getDetails() != null
                && shoot.name().equals(status.getDetails().getName());
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted");
        }
    }

    private synchronized StatusLists lists() {
        if (lists.isEmpty()) {
            StatusLists found = discover();
            LOG.info("lists in the status of Shoots: {}", found);
            lists = Optional.of(found);
        }
        return lists.get();
    }

    private synchronized void forget() {
        lists = Optional.empty();
    }

    private StatusLists discover() {
        try {
            return StatusLists.of(garden.read("/openapi/v3" + API));
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
            return StatusLists.ATOMIC;
        }
    }

    private static String path(ShootKey shoot) {
        return API + "/namespaces/" + shoot.namespace() + "/shoots/" + shoot.name();
    }
}
