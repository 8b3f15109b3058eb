package io.moongate.adoption.report;

import io.moongate.model.condition.Declarations;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import java.util.Optional;

/**
 * One shoot: declared and seen, side by side.
 *
 * @param seed the one that is responsible; empty while it has none
 * @param purpose what its owner says it is for
 * @param shootClass what kind of shoot it is
 * @param declared the entries of its status, of whatever author
 * @param gardenlet what the check of its gardenlet would say, where a gardenlet is responsible
 * @param silent declared True and active, but without a tunnel on the unified port for a while; whatever else is found
 * @param why the finding, for people: with times, and what to do about it
 */
public record AdoptionRow(
        ShootKey shoot,
        Optional<String> seed,
        Optional<String> purpose,
        ShootClass shootClass,
        Declarations declared,
        Optional<GardenletCheck> gardenlet,
        Use legacy,
        Use unified,
        Finding finding,
        boolean silent,
        String why) {
    private static final String PROJECT_PREFIX = "garden-";

    /** The same shoot, judged otherwise. */
    public AdoptionRow judged(Finding other, String otherWhy) {
        return new AdoptionRow(
                shoot, seed, purpose, shootClass, declared, gardenlet, legacy, unified, other, silent, otherWhy);
    }

    /** {@code foo} of the namespace {@code garden-foo}. */
    public String project() {
        String namespace = shoot.namespace();
        return namespace.startsWith(PROJECT_PREFIX) ? namespace.substring(PROJECT_PREFIX.length()) : namespace;
    }
}
