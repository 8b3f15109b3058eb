package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.Recorder;

/** What all connections of a gateway share. {@link #rules} is read anew for each decision. */
final class Core {
    final Tunnels tunnels = new Tunnels();
    final Waiting waiting = new Waiting();
    final Recorder recorder;
    final Dialer dialer;
    private volatile Rules rules;
    private volatile boolean draining;

    Core(Recorder recorder, Names names, Rules rules) {
        this.recorder = recorder;
        this.dialer = new Dialer(names, new EndpointOrder(tunnels::on));
        this.rules = rules;
    }

    Rules rules() {
        return rules;
    }

    void apply(Rules next) {
        rules = next;
    }

    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }
}
