package io.moongate.adoption.accesslog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Envoy's {@code StreamAccessLogsMessage} (v3), as far as it is needed. Read by the numbers of its fields, which Envoy
 * promises to keep: its whole API as generated code is thirty megabytes, and this is a dozen fields of it.
 *
 * @param node who sends it; only in the first message of a stream
 * @param logName which of its access logs it is; only in the first message
 */
record LogMessage(Optional<String> node, Optional<String> logName, List<Entry> entries) {
    // The numbers of fields, which LogMessageReader uses, too. StreamAccessLogsMessage
    static final int IDENTIFIER = 1;
    static final int HTTP_LOGS = 2;
    // StreamAccessLogsMessage.Identifier, core.v3.Node
    static final int NODE = 1;
    static final int LOG_NAME = 2;
    static final int NODE_ID = 1;
    // StreamAccessLogsMessage.HTTPAccessLogEntries, data.accesslog.v3.HTTPAccessLogEntry
    static final int LOG_ENTRY = 1;
    static final int COMMON_PROPERTIES = 1;
    static final int REQUEST = 3;
    static final int RESPONSE = 4;
    // AccessLogCommon
    static final int DOWNSTREAM_REMOTE_ADDRESS = 2;
    static final int STREAM_ID = 26;
    static final int DOWNSTREAM_WIRE_BYTES_SENT = 29;
    static final int DOWNSTREAM_WIRE_BYTES_RECEIVED = 30;
    static final int ACCESS_LOG_TYPE = 33;
    // core.v3.Address, SocketAddress
    static final int SOCKET_ADDRESS = 1;
    static final int ADDRESS = 2;
    // HTTPRequestProperties: a map is a list of entries of key and value
    static final int REQUEST_HEADERS = 13;
    static final int KEY = 1;
    static final int VALUE = 2;
    // HTTPResponseProperties, UInt32Value
    static final int RESPONSE_CODE = 1;
    static final int WRAPPED = 1;

    /** Why a record was written; the numbers are Envoy's {@code AccessLogType}. */
    enum Type {
        ESTABLISHED(10),
        PERIODIC(5),
        END(6),
        /** Of an Envoy that is too old to say it. */
        UNTOLD(0),
        /** Of another event; the number is that of a request's begin. */
        OTHER(4);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        static Type of(long number) {
            return Arrays.stream(values())
                    .filter(type -> type != OTHER && type.number == number)
                    .findFirst()
                    .orElse(OTHER);
        }
    }

    /**
     * One record.
     *
     * @param stream unique within its Envoy
     * @param headers those of the two entrances, in lower case
     * @param bytesIn from the client so far
     * @param bytesOut to the client so far
     */
    record Entry(
            String stream,
            Type type,
            int status,
            Optional<InetAddress> client,
            Map<String, String> headers,
            long bytesIn,
            long bytesOut) {}

    /** @throws InvalidProtocolBufferException when it is none */
    static LogMessage parse(byte[] bytes) throws InvalidProtocolBufferException {
        return new LogMessageReader().read(bytes);
    }

    /** The same in bytes. */
    byte[] bytes() {
        var message = UnknownFieldSet.newBuilder();
        if (logName.isPresent()) {
            var identity = UnknownFieldSet.newBuilder();
            add(identity, NODE, message(text(NODE_ID, node.orElse(""))));
            add(identity, LOG_NAME, ByteString.copyFromUtf8(logName.get()));
            add(message, IDENTIFIER, identity.build().toByteString());
        }
        var logs = UnknownFieldSet.newBuilder();
        entries.forEach(entry -> add(logs, LOG_ENTRY, bytes(entry)));
        add(message, HTTP_LOGS, logs.build().toByteString());
        return message.build().toByteArray();
    }

    private static ByteString bytes(Entry entry) {
        var common = UnknownFieldSet.newBuilder();
        entry.client().ifPresent(client -> {
            ByteString socket = message(text(ADDRESS, client.getHostAddress()));
            add(common, DOWNSTREAM_REMOTE_ADDRESS, message(field(SOCKET_ADDRESS, socket)));
        });
        add(common, STREAM_ID, ByteString.copyFromUtf8(entry.stream()));
        add(common, DOWNSTREAM_WIRE_BYTES_SENT, entry.bytesOut());
        add(common, DOWNSTREAM_WIRE_BYTES_RECEIVED, entry.bytesIn());
        add(common, ACCESS_LOG_TYPE, entry.type().number);
        var request = UnknownFieldSet.newBuilder();
        entry.headers().forEach((key, value) -> {
            var header = text(KEY, key);
            add(header, VALUE, ByteString.copyFromUtf8(value));
            add(request, REQUEST_HEADERS, message(header));
        });
        var code = UnknownFieldSet.newBuilder();
        add(code, WRAPPED, entry.status());
        var all = UnknownFieldSet.newBuilder();
        add(all, COMMON_PROPERTIES, message(common));
        add(all, REQUEST, message(request));
        add(all, RESPONSE, message(field(RESPONSE_CODE, message(code))));
        return message(all);
    }

    private static ByteString message(UnknownFieldSet.Builder fields) {
        return fields.build().toByteString();
    }

    private static UnknownFieldSet.Builder text(int field, String value) {
        return field(field, ByteString.copyFromUtf8(value));
    }

    private static UnknownFieldSet.Builder field(int number, ByteString value) {
        var fields = UnknownFieldSet.newBuilder();
        add(fields, number, value);
        return fields;
    }

    private static void add(UnknownFieldSet.Builder to, int field, ByteString value) {
        to.mergeField(
                field,
                UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
    }

    private static void add(UnknownFieldSet.Builder to, int field, long value) {
        to.mergeField(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
    }
}
