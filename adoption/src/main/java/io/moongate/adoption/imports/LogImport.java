package io.moongate.adoption.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads files of access logs, one after the other, a line at a time, and names what it cannot read. */
public final class LogImport {
    /** So many lines that cannot be read are named. */
    private static final int NAMED = 5;
    /** Of a line that cannot be read. */
    private static final int SHOWN = 160;
    /** So many lines are read at once; if none of the first can be, a file is given up. */
    private static final int BATCH = 4096;

    private static final int BATCH_CHARACTERS = 4 << 20;
    private static final LogLine TOO_LONG = new LogLine.Unreadable("it is longer than " + Lines.LONGEST + " bytes");

    private static final int MAGIC = 6;
    private static final String GZIP = "1f8b";
    /** What others begin with, and what unpacks them. */
    private static final Map<String, String> PACKED = packed();

    private final Formats formats;
    private final Tally tally;
    private final List<Unread> named = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private long files;
    private long lines;
    private long unread;
    private long process;

    /**
     * A line that cannot be read.
     *
     * @param text its begin, printable
     */
    public record Unread(String file, long line, String why, String text) {
        @Override
        public String toString() {
            return file + ", line " + line + ": " + why + ": " + text;
        }
    }

    /** A file that is no access log, or of another format; the message has the form {@code what, where, what to do}. */
    public static final class NotAnAccessLog extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        NotAnAccessLog(String message) {
            super(message);
        }
    }

    public LogImport(Formats formats, Tally tally) {
        this.formats = formats;
        this.tally = tally;
    }

    private static Map<String, String> packed() {
        var packed = new LinkedHashMap<String, String>();
        packed.put("28b52ffd", "zstd -dc");
        packed.put("425a68", "bzip2 -dc");
        packed.put("fd377a585a00", "xz -dc");
        packed.put("04224d18", "lz4 -dc");
        packed.put("504b0304", "unzip -p");
        return packed;
    }

    /**
     * Reads all of it.
     *
     * @param file as messages name it
     * @throws NotAnAccessLog when most of it cannot be read
     */
    public void read(String file, InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream, 64 * 1024);
        in.mark(MAGIC);
        String magic = HexFormat.of().formatHex(in.readNBytes(MAGIC));
        in.reset();
        for (Map.Entry<String, String> other : PACKED.entrySet()) {
            if (magic.startsWith(other.getKey())) {
                throw new NotAnAccessLog("the file is compressed, but not with gzip, " + file + ", unpack it: "
                        + other.getValue() + " " + file + " | moongate adoption import … -");
            }
        }
        files++;
        var one = new OneFile(file);
        if (!magic.startsWith(GZIP)) {
            one.read(new Lines(in));
            return;
        }
        try (var unpacked = new Gunzip(in)) {
            one.read(new Lines(unpacked));
        }
    }

    /** One line, before it is known what it says. */
    private record Text(long number, String text, boolean tooLong) {}

    /** What is counted of one file. */
    private final class OneFile {
        private final String file;
        private final List<Unread> first = new ArrayList<>();
        private long readable;
        private long unreadable;

        private OneFile(String file) {
            this.file = file;
        }

        private void read(Lines all) throws IOException {
            var batch = new ArrayList<Text>();
            try {
                int size = 0;
                while (all.next()) {
                    String text = all.text();
                    size += text.length();
                    batch.add(new Text(all.number(), text, all.tooLong()));
                    if (batch.size() >= BATCH || size >= BATCH_CHARACTERS) {
                        take(batch);
                        size = 0;
                    }
                }
            } catch (Lines.Endless e) {
                throw new NotAnAccessLog("a line is longer than " + (Lines.LONGEST_SKIPPED >> 20) + " MiB, " + file
                        + ", line " + (all.number() + 1)
                        + ", give an access log; if a full disk left zeros in it, take them out: tr -d '\\000'");
            } catch (IOException e) {
                if (e instanceof NotAnAccessLog || all.number() == 0) {
                    throw e;
                }
                // What was read counts; what is missing may be anything.
                cut.add(file + ", after line " + all.number() + ": " + e.getMessage());
            }
            take(batch);
            requireReadable();
        }

        /** Reads them on all cores, and adds them up on this thread. */
        private void take(List<Text> batch) throws NotAnAccessLog {
            List<LogLine> read = batch.parallelStream()
                    .map(text -> text.tooLong() ? TOO_LONG : formats.read(text.text()))
                    .toList();
            for (int i = 0; i < read.size(); i++) {
                take(batch.get(i), read.get(i));
            }
            boolean first = readable + unreadable <= BATCH;
            batch.clear();
            if (first && readable == 0) {
                requireReadable();
            }
        }

        private void take(Text text, LogLine line) {
            lines++;
            switch (line) {
                case LogLine.Tunnel tunnel -> {
                    readable++;
                    tally.take(tunnel);
                }
                case LogLine.Request request -> {
                    readable++;
                    tally.request(request.start());
                }
                case LogLine.OfProcess own -> process++;
                case LogLine.Blank blank -> {}
                case LogLine.Unreadable(String why) -> {
                    unread++;
                    unreadable++;
                    name(new Unread(file, text.number(), printable(why), printable(text.text())));
                }
            }
        }

        private void name(Unread line) {
            if (first.isEmpty()) {
                first.add(line);
            }
            if (named.size() < NAMED) {
                named.add(line);
            }
        }

        private void requireReadable() throws NotAnAccessLog {
            if (unreadable > readable) {
                Unread line = first.getFirst();
                throw new NotAnAccessLog(unreadable + " of " + (unreadable + readable) + " lines are not of "
                        + formats.tried() + ", " + line + ", give their format with --format");
            }
        }
    }

    /** What stands in a line reaches a terminal. */
    static String printable(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return shown.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cn}]", "?");
    }

    public long files() {
        return files;
    }

    public long lines() {
        return lines;
    }

    /** Lines that Envoy or Istio's agent writes about itself. */
    public long process() {
        return process;
    }

    /** Lines that could not be read: each may have been a tunnel. */
    public long unread() {
        return unread;
    }

    /** The first of them. */
    public List<Unread> named() {
        return List.copyOf(named);
    }

    /** Files of which the end is missing. */
    public List<String> cut() {
        return List.copyOf(cut);
    }
}
