package io.moongate.adoption.report;

import io.moongate.model.condition.Author;
import io.moongate.model.condition.Declaration;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Shoot;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The seeds whose legacy port a gardenlet removes: it has the feature gate for it, and a check of its own.
 *
 * @param versions of gardenlet, by seed; empty where the version is not known
 */
public record Gardenlets(Map<String, String> versions) {
    public static final Gardenlets NONE = new Gardenlets(Map.of());

    public Gardenlets {
        versions = Map.copyOf(versions);
    }

    /** Known by what gardenlet writes into its Seed, or into the status of one of its Shoots. */
    public static Gardenlets of(Collection<Seed> seeds, Collection<Shoot> shoots) {
        var versions = new TreeMap<String, String>();
        seeds.forEach(seed -> seed.gardenlet().ifPresent(version -> versions.put(seed.name(), version)));
        for (Shoot shoot : shoots) {
            boolean gardenlets = shoot.declared()
                    .constraint()
                    .map(Declaration::by)
                    .filter(Author.GARDENLET::equals)
                    .isPresent();
            if (gardenlets) {
                shoot.placement().responsible().ifPresent(seed -> versions.putIfAbsent(seed, ""));
            }
        }
        return new Gardenlets(versions);
    }

    /** Whether a gardenlet is responsible for this shoot. */
    boolean have(Shoot shoot) {
        return shoot.placement().responsible().filter(versions::containsKey).isPresent();
    }

    /** Whether no seed is responsible for it, in a garden where gardenlets are responsible for all that have clients. */
    boolean haveNot(Shoot shoot) {
        return !versions.isEmpty() && shoot.placement().responsible().isEmpty();
    }
}
