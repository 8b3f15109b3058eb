package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.landscape.LastOperation;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Cidr;
import io.moongate.model.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a Gardener Shoot that say how its tunnels are; all else is ignored. */
final class ShootReader {
    static final String HA_VPN = "alpha.control-plane.shoot.gardener.cloud/high-availability-vpn";
    static final String CHOICE = "moongate.io/unified-http-proxy-port";
    static final String IGNORE = "shoot.gardener.cloud/ignore";
    private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

    /** Not accepted, or not entitled to what is needed: either way nobody can change its machines. */
    private static final Set<String> CREDENTIALS = Set.of("ERR_INFRA_UNAUTHENTICATED", "ERR_INFRA_UNAUTHORIZED");

    private final Map<String, String> annotations;
    private final Fields metadata;
    private final Fields spec;
    private final Fields status;

    private ShootReader(Fields shoot) throws InputException {
        metadata = shoot.child("metadata");
        annotations = metadata.stringMap("annotations");
        spec = shoot.child("spec");
        status = shoot.child("status");
    }

    static Shoot read(Fields shoot) throws InputException {
        return new ShootReader(shoot).read();
    }

    private Shoot read() throws InputException {
        var conditions = new ConditionReader(metadata, status);
        var key = new ShootKey(Names.namespace(metadata), Names.name(metadata));
        return new Shoot(
                key,
                status.string("technicalID").filter(id -> !id.isEmpty()),
                new Shoot.Placement(spec.string("seedName"), status.string("seedName")),
                new Shoot.Traits(
                        spec.child("provider").children("workers").isEmpty(),
                        highlyAvailableVpn(),
                        withoutDns(),
                        lifecycle(),
                        standing()),
                spec.string("purpose"),
                spec.child("networking").strings("ipFamilies"),
                advertised(),
                choice(),
                lastOperation(),
                conditions.adoption(),
                conditions.declarations(),
                networks());
    }

    private boolean highlyAvailableVpn() throws InputException {
        String override = annotations.get(HA_VPN);
        if (override == null) {
            return spec.child("controlPlane").has("highAvailability");
        }
        if (!TRUE.contains(override) && !FALSE.contains(override)) {
            throw annotation(HA_VPN, override, "true or false");
        }
        return TRUE.contains(override);
    }

    /** The first that holds: a shoot that is being deleted is not judged as a hibernated one. */
    private Lifecycle lifecycle() throws InputException {
        Fields last = status.child("lastOperation");
        String operation = last.string("state").equals(Optional.of("Succeeded"))
                ? ""
                : last.string("type").orElse("");
        Optional<String> from = status.string("seedName");
        if (metadata.has("deletionTimestamp") || operation.equals("Delete")) {
            return Lifecycle.DELETING;
        }
        boolean moves = from.isPresent()
                && spec.string("seedName").filter(to -> !to.equals(from.get())).isPresent();
        if (moves || operation.equals("Migrate") || operation.equals("Restore")) {
            return Lifecycle.MIGRATING;
        }
        if (TRUE.contains(annotations.getOrDefault(IGNORE, ""))) {
            return Lifecycle.IGNORED;
        }
        boolean hibernated = status.bool("hibernated").orElse(false)
                || spec.child("hibernation").bool("enabled").orElse(false);
        return hibernated ? Lifecycle.HIBERNATED : Lifecycle.ACTIVE;
    }

    private Optional<LastOperation> lastOperation() throws InputException {
        Fields last = status.child("lastOperation");
        return status.has("lastOperation")
                ? Optional.of(new LastOperation(
                        last.string("type").orElse(""), last.string("state").orElse("")))
                : Optional.empty();
    }

    private Standing standing() throws InputException {
        for (Fields error : status.children("lastErrors")) {
            if (error.strings("codes").stream().anyMatch(CREDENTIALS::contains)) {
                return Standing.INVALID_CREDENTIALS;
            }
        }
        Fields last = status.child("lastOperation");
        String state = last.string("state").orElse("");
        if (state.equals("Failed")) {
            return Standing.FAILED;
        }
        boolean creating = last.string("type").equals(Optional.of("Create")) && !state.equals("Succeeded");
        return creating ? Standing.CREATING : Standing.SETTLED;
    }

    private boolean withoutDns() throws InputException {
        Fields dns = spec.child("dns");
        boolean unmanaged = dns.string("provider").equals(Optional.of("unmanaged"));
        for (Fields provider : dns.children("providers")) {
            unmanaged |= provider.string("type").equals(Optional.of("unmanaged"));
        }
        return unmanaged || dns.string("domain").filter(d -> !d.isEmpty()).isEmpty();
    }

    /** Those in the status are in force; the spec's are there earlier, one of each kind. */
    private ShootNetworks networks() throws InputException {
        return new ShootNetworks(networks("pods"), networks("services"), networks("nodes"));
    }

    private List<Cidr> networks(String kind) throws InputException {
        List<String> inForce = status.child("networking").strings(kind);
        return Ranges.of(
                inForce.isEmpty()
                        ? spec.child("networking").string(kind).stream().toList()
                        : inForce);
    }

    private Map<String, String> advertised() throws InputException {
        var all = new LinkedHashMap<String, String>();
        for (Fields address : status.children("advertisedAddresses")) {
            all.put(address.required("name"), address.required("url"));
        }
        return all;
    }

    private Optional<Boolean> choice() throws InputException {
        String value = annotations.get(CHOICE);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.equals("enabled") && !value.equals("disabled")) {
            throw annotation(CHOICE, value, "enabled or disabled");
        }
        return Optional.of(value.equals("enabled"));
    }

    private InputException annotation(String name, String value, String wanted) {
        return new InputException(
                Problem.Code.INVALID_VALUE,
                metadata.place(),
                "annotation " + name + " is '" + value + "', not " + wanted,
                "correct it");
    }
}
