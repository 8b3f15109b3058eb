package io.moongate.adoption.accesslog;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.moongate.adoption.accesslog.LogMessage.Entry;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads one message in one pass and keeps only what is needed: a tree of all fields would be several times as large as
 * the message. Used once.
 */
final class LogMessageReader {
    /** Ten times what our gateways send; an Envoy sends a hundred. */
    static final int MOST_ENTRIES = 20_000;

    private static final int TAG_BITS = 3;
    private static final Set<String> HEADERS = Arrays.stream(Entrance.values())
            .map(entrance -> entrance.header().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private final List<Entry> entries = new ArrayList<>();
    private Optional<String> node = Optional.empty();
    private Optional<String> logName = Optional.empty();

    /** Takes one field: true if it was the one that was wanted, and has been read. */
    private interface Field {
        boolean take(int number, int type) throws IOException;
    }

    LogMessage read(byte[] bytes) throws InvalidProtocolBufferException {
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            fields(in, (number, type) -> switch (number) {
                case LogMessage.IDENTIFIER -> message(in, type, identifier(in));
                case LogMessage.HTTP_LOGS ->
                    message(in, type, (of, kind) -> of == LogMessage.LOG_ENTRY && entry(in, kind));
                default -> false;
            });
            return new LogMessage(node, logName, entries);
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }

    private Field identifier(CodedInputStream in) {
        logName = logName.or(() -> Optional.of(""));
        return (number, type) -> switch (number) {
            case LogMessage.NODE ->
                message(in, type, (of, kind) -> {
                    if (of != LogMessage.NODE_ID || kind != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                        return false;
                    }
                    node = Optional.of(text(in));
                    return true;
                });
            case LogMessage.LOG_NAME -> {
                boolean wanted = type == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                if (wanted) {
                    logName = Optional.of(text(in));
                }
                yield wanted;
            }
            default -> false;
        };
    }

    private boolean entry(CodedInputStream in, int type) throws IOException {
        if (entries.size() >= MOST_ENTRIES) {
            throw new InvalidProtocolBufferException("more than " + MOST_ENTRIES + " records in one message");
        }
        var read = new EntryReader(in);
        boolean taken = message(in, type, read);
        if (taken) {
            entries.add(read.entry());
        }
        return taken;
    }

    /** One record. */
    private static final class EntryReader implements Field {
        private final CodedInputStream in;
        private String stream = "";
        private LogMessage.Type type = LogMessage.Type.UNTOLD;
        private int status;
        private String client = "";
        private Map<String, String> headers = Map.of();
        private long bytesIn;
        private long bytesOut;

        private EntryReader(CodedInputStream in) {
            this.in = in;
        }

        private Entry entry() {
            Optional<InetAddress> address = Addresses.parse(client);
            return new Entry(stream, type, status, address, headers, bytesIn, bytesOut);
        }

        @Override
        public boolean take(int number, int wire) throws IOException {
            return switch (number) {
                case LogMessage.COMMON_PROPERTIES -> message(in, wire, this::common);
                case LogMessage.REQUEST ->
                    message(in, wire, (of, kind) -> of == LogMessage.REQUEST_HEADERS && header(kind));
                case LogMessage.RESPONSE ->
                    message(in, wire, (of, kind) -> of == LogMessage.RESPONSE_CODE && message(in, kind, this::code));
                default -> false;
            };
        }

        private boolean code(int number, int wire) throws IOException {
            if (number != LogMessage.WRAPPED || wire != WireFormat.WIRETYPE_VARINT) {
                return false;
            }
            status = (int) in.readRawVarint64();
            return true;
        }

        private boolean common(int number, int wire) throws IOException {
            if (number == LogMessage.DOWNSTREAM_REMOTE_ADDRESS) {
                return message(
                        in, wire, (of, kind) -> of == LogMessage.SOCKET_ADDRESS && message(in, kind, this::address));
            }
            if (number == LogMessage.STREAM_ID && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                stream = text(in);
                return true;
            }
            if (wire != WireFormat.WIRETYPE_VARINT) {
                return false;
            }
            switch (number) {
                case LogMessage.DOWNSTREAM_WIRE_BYTES_SENT -> bytesOut = in.readRawVarint64();
                case LogMessage.DOWNSTREAM_WIRE_BYTES_RECEIVED -> bytesIn = in.readRawVarint64();
                case LogMessage.ACCESS_LOG_TYPE -> type = LogMessage.Type.of(in.readRawVarint64());
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean address(int number, int wire) throws IOException {
            if (number != LogMessage.ADDRESS || wire != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                return false;
            }
            client = text(in);
            return true;
        }

        private boolean header(int wire) throws IOException {
            var pair = new HashMap<Integer, String>();
            boolean taken = message(in, wire, (number, kind) -> {
                if (number > LogMessage.VALUE || kind != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    return false;
                }
                pair.put(number, text(in));
                return true;
            });
            String key = pair.getOrDefault(LogMessage.KEY, "").toLowerCase(Locale.ROOT);
            if (HEADERS.contains(key)) {
                headers = headers.isEmpty() ? new HashMap<>() : headers;
                headers.put(key, pair.getOrDefault(LogMessage.VALUE, ""));
            }
            return taken;
        }
    }

    private static boolean message(CodedInputStream in, int type, Field field) throws IOException {
        if (type != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return false;
        }
        int before = in.pushLimit(in.readRawVarint32());
        fields(in, field);
        in.popLimit(before);
        return true;
    }

    /** What is not wanted is skipped; how deep its groups may be nested the library bounds. */
    private static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.take(tag >>> TAG_BITS, tag & ((1 << TAG_BITS) - 1)) && !in.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group ends that has not begun");
            }
        }
    }

    private static String text(CodedInputStream in) throws IOException {
        return in.readBytes().toStringUtf8();
    }
}
